"""The dossier of a project, to be checked by anybody offline; docs/dossier.md specifies the format."""
