"""Files that hold a batch: what is read, and what is refused by its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pybridge.errors import InputError, OptionError
from pybridge.evaluation.files import read

Y = np.array([1.5, -2.0, 4.0], np.float32)


def test_npz_npy_and_csv_hold_the_same(tmp_path: Path) -> None:
    """Arrays by their names, those of an npy by the file's; numbers in text as the nearest float64."""
    np.savez(tmp_path / "batch.npz", y=Y, gamma=np.array(2.0))
    np.save(tmp_path / "g.npy", Y)
    (tmp_path / "c.csv").write_text("\ufeffy, g\n1.5,0.1\n\n-2,1e-3\n4,-7\n", encoding="utf-8")
    found = read([tmp_path / "batch.npz", tmp_path / "g.npy"])
    assert {name: array.tolist() for name, array in found.items()} == {"y": [1.5, -2, 4], "gamma": 2.0, "g": [1.5, -2, 4]}
    assert found["y"].dtype == np.float32
    columns = read([tmp_path / "c.csv"])
    for others in ("# y;g\n1.5;0.1\n-2;1e-3\n4;-7\n", "y\tg\n1.5\t0.1\n-2\t1e-3\n4\t-7\n"):
        (tmp_path / "s.csv").write_text(others, encoding="utf-8")
        assert {name: list(one) for name, one in read([tmp_path / "s.csv"]).items()} == {
            name: list(one) for name, one in columns.items()
        }
    assert {name: array.tolist() for name, array in columns.items()} == {"y": [1.5, -2, 4], "g": [0.1, 1e-3, -7]}


TEXTS = {
    "empty": ("", "there is nothing in it"),
    "no names": ("1,2\n3,4\n", "the first line is no line of names: 1, 2"),
    "no name": ("y,\n3,4\n", "the first line is no line of names"),
    "a name twice": ("y,y\n3,4\n", "two columns are called y"),
    "no numbers": ("y,g\n", "no number stands below the names"),
    "too few": ("y,g\n1,2\n3\n", ":3: 1 cells, and 2 columns"),
    "text": ("y,g\n1,two\n", ":2: g is 'two', which is no number"),
    "an empty cell": ("y,g\n1,\n2,\n", ":2: g is '', which is no number; give each column a number in every row"),
    "a number in a column": ("y,gamma\n1,2\n3,\n4,\n", ":3: gamma is '', .* no column: leave it out, and give --set gamma=2"),
    "a decimal comma": ("y;g\n1,5;2,5\n", ":2: y is '1,5', which is no number; write a point in place of the decimal comma"),
    "two signs": ("y;g,h\n1;2,3\n", "the first line has ',' and ';'; part the columns by one sign"),
    "blanks": ("y g\n1 2\n", "the first line is no line of names: y g; write one, such as y,g"),
}


@pytest.mark.parametrize(("text", "message"), TEXTS.values(), ids=TEXTS)
def test_text_that_is_no_table(tmp_path: Path, text: str, message: str) -> None:
    """The line and the column are said."""
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read([tmp_path / "b.csv"])


def test_pickled_and_object_arrays_are_refused(tmp_path: Path) -> None:
    """Nothing is unpickled, in neither kind of file."""
    objects = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "b.npz", y=objects)
    np.save(tmp_path / "y.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "t.npz", y=np.array(["a"]))
    for name in ("b.npz", "y.npy"):
        with pytest.raises(InputError, match="holds pickled objects; save numbers"):
            read([tmp_path / name])
    with pytest.raises(InputError, match="y has dtype <U1"):
        read([tmp_path / "t.npz"])


def test_damaged_files(tmp_path: Path) -> None:
    """Whichever byte is wrong and wherever the file ends: what is read, or one line that names the file; never a traceback."""
    np.savez(tmp_path / "plain.npz", y=Y)
    np.savez_compressed(tmp_path / "packed.npz", y=Y)
    np.save(tmp_path / "y.npy", Y)
    for name in ("plain.npz", "packed.npz", "y.npy"):
        good = (tmp_path / name).read_bytes()
        cut = [good[:length] for length in range(0, len(good), 3)]
        changed = [good[:k] + bytes([good[k] ^ 0x21]) + good[k + 1 :] for k in range(0, len(good), 2)]
        file = tmp_path / f"damaged{Path(name).suffix}"
        refused = 0
        for content in (*cut, *changed):
            file.write_bytes(content)
            try:
                read([file])
            except InputError as error:
                refused += 1
                assert str(file) in str(error)  # noqa: PT017
                assert error.hint  # noqa: PT017
        assert refused > len(cut)
    (tmp_path / "empty.npz").write_bytes(b"")
    with pytest.raises(InputError, match="not an npz file"):
        read([tmp_path / "empty.npz"])
    (tmp_path / "cut.npz").write_bytes((tmp_path / "plain.npz").read_bytes()[:100])
    with pytest.raises(InputError, match=r"the file is damaged or cut off: .*; write it again"):
        read([tmp_path / "cut.npz"])


def test_files_that_are_none(tmp_path: Path) -> None:
    """Missing, cut, of another kind; and a name in two of them."""
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "text.npz").write_text("y,g\n1,2\n", encoding="utf-8")
    (tmp_path / "latin.csv").write_bytes(b"y\xe4\n1\n")
    np.save(tmp_path / "array.npy", Y)
    (tmp_path / "array.npz").write_bytes((tmp_path / "array.npy").read_bytes())
    for name in ("cut.npz", "text.npz", "latin.csv", "array.npz"):
        with pytest.raises(InputError, match=name):
            read([tmp_path / name])
    with pytest.raises(InputError, match="No such file or directory; check the path"):
        read([tmp_path / "none.npz"])
    with pytest.raises(OptionError, match=r"is none of \.npz, \.npy, \.csv"):
        read([tmp_path / "batch.pt"])
    np.save(tmp_path / "y.npy", Y)
    np.savez(tmp_path / "b.npz", y=Y)
    with pytest.raises(InputError, match="y stands in another file, too"):
        read([tmp_path / "y.npy", tmp_path / "b.npz"])
