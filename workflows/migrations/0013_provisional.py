from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0012_criticism")]

    operations = [
        migrations.AddField(model_name="case", name="guessed_from", field=models.DateField(null=True)),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["guessed_from"], condition=models.Q(guessed_from__isnull=False), name="case_guessed"
            ),
        ),
    ]
