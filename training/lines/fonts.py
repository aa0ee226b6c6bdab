"""The typefaces that lines are drawn in: fetched for training, never committed, some kept back for the test.

``python -m training.lines.fonts FOLDER`` fetches them: npm's ``@fontsource`` packages (OFL-1.1, Apache-2.0, UFL-1.0),
turned from woff2 into TrueType, and the font packages of Debian, unpacked without installing them.
"""

import subprocess
import sys
from pathlib import Path
from tomllib import loads

from fontTools.ttLib import TTFont

LISTED = loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NEEDED = "ÀÈÉÌÒÙàèéìòù€°@'\"&"


def fetch(folder: Path) -> None:
    """Fetch every typeface into ``folder/train`` and ``folder/test``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    npm = LISTED["npm"]
    wanted = [f"@fontsource/{name}@^{npm['version']}" for name in (*npm["train"], *npm["test"])]
    subprocess.run(  # noqa: S603
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *wanted],  # noqa: S607
        cwd=folder,
        check=True,
    )
    for side, names in (("train", npm["train"]), ("test", npm["test"])):
        for name in names:
            _convert(folder / "node_modules" / "@fontsource" / name / "files", folder / side)
    _from_debian(folder)


def faces(folder: Path, *, held_out: bool) -> list[Path]:
    """List the typefaces of one side, in a fixed order. Raises ``FileNotFoundError`` with the command that fetches."""
    found = sorted((folder / ("test" if held_out else "train")).iterdir()) if folder.is_dir() else []
    if not found:
        raise FileNotFoundError(f"no typefaces in {folder}; fetch them with: python -m training.lines.fonts {folder}")
    return found


def _convert(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for weight in LISTED["npm"]["cuts"]:
        for file in source.glob(f"*-latin-{weight}.woff2"):
            font = TTFont(file)
            if all(ord(sign) in font.getBestCmap() for sign in NEEDED):
                font.flavor = None
                font.save(target / f"{file.stem}.ttf")


def _from_debian(folder: Path) -> None:
    unpacked = folder / "debian"
    unpacked.mkdir(exist_ok=True)
    subprocess.run(["apt-get", "download", "-qq", *LISTED["debian"]["packages"]], cwd=unpacked, check=True)  # noqa: S603, S607
    for package in unpacked.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package.name, "."], cwd=unpacked, check=True)  # noqa: S603, S607
    for pattern in LISTED["debian"]["train"]:
        for face in unpacked.rglob(pattern):
            if not face.is_symlink():
                (folder / "train" / face.name).write_bytes(face.read_bytes())


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
