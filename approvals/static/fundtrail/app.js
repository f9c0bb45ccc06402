// Comforts only: every page does the same work without this script.
"use strict";

// Two clicks are one: the second is not sent. The server would see through it, too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  window.setTimeout(() => { delete form.dataset.sent; }, 5000);
});
// A page that comes back by the back button may be sent again; its clocks stood still meanwhile.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// One box ticks all.
document.querySelectorAll("[data-ticks]").forEach((all) => {
  all.hidden = false;
  all.addEventListener("change", () => {
    document.querySelectorAll(`input[name="${all.dataset.ticks}"]`).forEach((box) => { box.checked = all.checked; });
  });
});

// The budget's sums while one types. Amounts are counted in fen, as everywhere.
const scaled = (text, digits) => {
  const found = /^([0-9,]+)(?:\.([0-9]*))?(万?)元?$/.exec(text.normalize("NFKC").trim());
  if (!found) return null;
  const places = digits + (found[3] ? 4 : 0);
  const part = (found[2] || "").padEnd(places, "0");
  if (/[1-9]/.test(part.slice(places))) return null;
  return BigInt(found[1].replaceAll(",", "") + part.slice(0, places));
};
const yuan = (fen) => {
  const text = fen.toString().padStart(3, "0");
  return text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",") + "." + text.slice(-2);
};
document.querySelectorAll("[data-budget]").forEach((form) => {
  const count = () => {
    let lines = 0n;
    form.querySelectorAll("tr[data-line]").forEach((row) => {
      const field = (name) => row.querySelector(`[name$="-${name}"]`);
      const gone = field("DELETE");
      if (gone && gone.checked) return;
      const quantity = scaled(field("quantity_milli").value, 3);
      const price = scaled(field("unit_price_fen").value, 2);
      const product = quantity === null || price === null ? null : (quantity * price + 500n) / 1000n;
      field("amount_fen").placeholder = product === null ? "" : yuan(product);
      const amount = scaled(field("amount_fen").value, 2);
      lines += amount !== null ? amount : (product || 0n);
    });
    let sum = 0n;
    ["grant_fen", "self_raised_fen", "labour_fen"].forEach((name) => {
      sum += scaled(form.querySelector(`[name="${name}"]`).value, 2) || 0n;
    });
    form.querySelector("[data-lines-sum]").textContent = yuan(lines);
    form.querySelector("[data-parts-sum]").textContent = yuan(sum);
    const verdict = form.querySelector("[data-verdict]");
    verdict.className = lines === sum ? "fits" : "off";
    verdict.textContent = lines === sum ? verdict.dataset.fits : verdict.dataset.off;
  };
  form.addEventListener("input", count);
  count();
});
