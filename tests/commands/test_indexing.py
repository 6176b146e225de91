"""rebuild, update, check, rollback and stats, as a person in front of a shell sees them."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from index import store
from index.reporting import Progress
from web.commands import progress


def test_rebuild_says_what_it_indexed_and_nothing_else(run_process, folder: Path) -> None:
    done = run_process("rebuild", folder, "--index", "là")
    assert done.returncode == 0
    assert done.stderr == "", "progress is for terminals"
    assert re.fullmatch(
        r"3\u00a0articles indexés en \d+,\d\u00a0s \([\d\u202f]+\u00a0articles/s\)"
        r"\u00a0; 3\u00a0fichiers vus\u00a0; génération 000001\n",
        done.stdout,
    )


def test_rebuild_indexes_seeds_unless_told_otherwise(run_process, folder: Path, tmp_path: Path) -> None:
    assert "seeds" in run_process("rebuild").stderr
    shutil.copytree(folder, tmp_path / "seeds")
    assert run_process("rebuild").returncode == 0
    assert store.current_name(tmp_path / ".depeche") == "000001"


def test_rebuild_reads_the_folders_of_the_index_again(
    run_process, own: Path, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "essai.txt").write_text("Un essai\n\nUn seul article d’essai.\n", encoding="utf-8")
    assert run_process("rebuild", "--index", own).stdout.startswith("3\u00a0articles indexés")
    manifest = own / "generations" / "000002" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"format": ', '"format": 9'), encoding="utf-8")
    outdated = run_process("search", "grève", "--index", own)
    assert "index d’une autre version" in outdated.stderr
    assert run_process("rebuild", "--index", own).stdout.startswith("3\u00a0articles indexés")
    for generation in (own / "generations").iterdir():
        (generation / "manifest.json").unlink()
    refused = run_process("rebuild", "--index", own)
    assert refused.returncode == 1
    assert "ne dit plus de quels dossiers il vient ; nommez-les : depeche rebuild DOSSIER" in refused.stderr
    assert run_process("rebuild", folder, "--index", own).returncode == 0


def test_rebuild_takes_several_folders(run_process, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "autre").mkdir()
    (tmp_path / "autre/pluie.txt").write_text("La pluie\n\nIl a plu toute la journée.\n", encoding="utf-8")
    assert run_process("rebuild", folder, "autre").stdout.startswith("4\u00a0articles indexés")


def test_progress_is_shown_on_a_terminal(start_process, folder: Path) -> None:
    master, slave = pty.openpty()
    process = start_process("rebuild", folder, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while chunk := os.read(master, 65_536):
            shown += chunk
    except OSError:  # Linux's way to say that the other end was closed
        pass
    os.close(master)
    assert process.wait(timeout=60) == 0
    text = shown.decode()
    assert "lecture" in text
    assert "\u00a0%" in text
    assert text.endswith("\r\x1b[K"), "the line is wiped at the end"


@pytest.mark.parametrize(
    ("state", "elapsed_s", "drawn"),
    [
        (Progress("lecture", 0, 100, 0, 0), 0.0, "lecture       " + "░" * 24 + "   0\u00a0%  aucun article"),
        (
            Progress("lecture", 50, 100, 1, 0),
            0.5,
            "lecture       " + "█" * 12 + "░" * 12 + "  50\u00a0%  1\u00a0article",
        ),
        (
            Progress("lecture", 25, 100, 7500, 2),
            30.0,
            "lecture       "
            + "█" * 6
            + "░" * 18
            + "  25\u00a0%  reste 1:30  7\u202f500\u00a0articles  2\u00a0rejetés",
        ),
        (
            Progress("écriture", 100, 100, 2, 1),
            9.0,
            "écriture      " + "█" * 24 + " 100\u00a0%  2\u00a0articles  1\u00a0rejeté",
        ),
        (
            Progress("lecture", 120, 100, 2, 0),
            9.0,
            "lecture       " + "█" * 24 + " 100\u00a0%  2\u00a0articles",
        ),
        (Progress("vérification", 0, 0, 2, 0), 9.0, "vérification  2\u00a0articles"),
    ],
)
def test_a_progress_line(state: Progress, elapsed_s: float, drawn: str) -> None:
    assert progress.draw(state, elapsed_s) == drawn


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.4, "0:00"), (59.6, "1:00"), (90, "1:30"), (3599, "59:59"), (3723, "1:02:03")]
)
def test_a_duration(seconds: float, written: str) -> None:
    assert progress.clock(seconds) == written


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A folder of one article and twenty-seven things that are none."""
    path = tmp_path / "abîmé"
    path.mkdir()
    (path / "bon.txt").write_text("Un titre\n\nEt une phrase d’article.\n", encoding="utf-8")
    (path / "vide.txt").write_text("", encoding="utf-8")
    (path / "tableau.pdf").write_bytes(b"%PDF")
    (path / "parti.txt").symlink_to(path / "nulle part.txt")
    (path / "lignes.jsonl").write_text("{\n" * 24, encoding="utf-8")
    return path


def test_the_first_rejects_are_shown_and_the_others_counted(run_process, spoiled: Path) -> None:
    done = run_process("rebuild", spoiled)
    assert done.returncode == 0
    assert "1\u00a0article indexé, 27\u00a0rejetés en" in done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == progress.SHOWN_REJECTS + 2
    assert all(line.startswith("rejeté\u00a0: ") for line in lines[:-1])
    assert lines[-2] == "rejeté\u00a0: 1\u00a0fichier d’un format inconnu\u00a0: .pdf (1)"
    assert lines[-1] == "… et 6 autres\u00a0; «\u00a0--rejects FICHIER\u00a0» les écrit tous"


def test_the_scripts_of_a_saved_page_hid_the_other_rejects(run_process, tmp_path: Path) -> None:
    page = tmp_path / "pages/Titre_files"
    page.mkdir(parents=True)
    for number in range(30):
        (page / f"a{number}.css").touch()
        (page / f"{number}.js").touch()
    (page / "sans").touch()
    (tmp_path / "pages/zone.txt").touch()
    (tmp_path / "pages/titre.txt").write_text("Un titre\n\nUn seul article d’essai.\n", encoding="utf-8")
    done = run_process("rebuild", "pages", "--rejects", "rejets.tsv")
    assert "1\u00a0article indexé, 62\u00a0rejetés en" in done.stdout
    assert "\u00a0; 63\u00a0fichiers vus\u00a0;" in done.stdout
    assert done.stderr.splitlines() == [
        "rejeté\u00a0: zone.txt\u00a0: fichier vide",
        "rejeté\u00a0: 61\u00a0fichiers d’un format inconnu\u00a0: .css (30), .js (30), sans extension (1)",
        "…\u00a0; tous sont dans rejets.tsv",
    ]
    assert len((tmp_path / "rejets.tsv").read_text("utf-8").splitlines()) == 62


@pytest.mark.parametrize(
    ("name", "found"), [("article.php?id=78&rub=3", ".php"), ("page.shtml", ".shtml"), ("page?id=3", None)]
)
def test_a_page_under_another_name_is_to_be_renamed(
    run_process, tmp_path: Path, name: str, found: str | None
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / name).write_text("<p>Un article.</p>", encoding="utf-8")
    first, second = run_process("rebuild", "pages").stderr.splitlines()
    said = (
        f"rejeté\u00a0: {name}\u00a0: format inconnu ({found or 'sans extension'}) ; une page web est lue si "
    )
    assert first.startswith(f"{said}elle est renommée en .html ; attendus : .txt, ")
    assert "aucun article lisible (1 rejeté) ; attendu des fichiers .txt, " in second


def test_other_files_were_asked_for_where_all_lines_were_rejected(run_process, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/a.jsonl").write_text('{"titre": "Un"}\n{"titre": "Deux"}\n', encoding="utf-8")
    *_, last = run_process("rebuild", "exports").stderr.splitlines()
    assert last == (
        "depeche\u00a0: exports : aucun article lisible (2 rejetés) ; "
        "rien du fichier lu n’est un article, et chaque rejet dit pourquoi"
    )


def test_all_rejects_go_to_a_file(run_process, spoiled: Path, tmp_path: Path) -> None:
    done = run_process("rebuild", spoiled, "--rejects", "rejets.tsv")
    assert done.stderr.splitlines()[-1] == "… et 6 autres\u00a0; tous sont dans rejets.tsv"
    rows = [line.split("\t") for line in (tmp_path / "rejets.tsv").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 27
    assert all(len(row) == 2 and all(row) for row in rows)
    places = {place for place, _ in rows}
    assert {"vide.txt", "tableau.pdf", "parti.txt", "lignes.jsonl#1", "lignes.jsonl#24"} <= places


def test_what_was_given_and_not_used_is_said(run_process, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    dates = ("2023-02-28", "28/02/23", "", "hier\n\nsoir")
    records = [
        {"id": f"a{i}", "title": "Un titre", "text": "Un mot.", "date": d} for i, d in enumerate(dates)
    ]
    records[0] |= {"auteur": "Jeanne Martin", "chapo": ""}
    records[1] |= {"auteur": "Paul"}
    for command in (("rebuild", "exports"), ("update",)):
        records = [{**each, "text": f"{each['text']} Un autre."} for each in records]  # read, because new
        (tmp_path / "exports/a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        done = run_process(*command)
        assert done.returncode == 0
        of_dates, of_keys = done.stderr.splitlines()
        assert of_dates.startswith("2\u00a0articles gardés sans date")
        assert of_dates.endswith("a.jsonl#2 «\u00a028/02/23\u00a0», a.jsonl#4 «\u00a0hier soir\u00a0»")
        assert "«\u00a0auteur\u00a0» (2\u00a0lignes), «\u00a0chapo\u00a0» (1\u00a0ligne)" in of_keys


def test_the_keys_of_rejected_lines_were_not_counted(run_process, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    records = [
        {"text": "Un mot.", "auteur": "A"},
        {"texte": "Un mot.", "auteur": "B"},
        {"text": "", "url": []},
    ]
    (tmp_path / "exports/a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    *_, last = run_process("rebuild", "exports").stderr.splitlines()
    assert "«\u00a0auteur\u00a0» (2\u00a0lignes), «\u00a0texte\u00a0» (1\u00a0ligne)" in last


def test_rejects_that_cannot_be_written_stop_before_the_work(
    run_process, folder: Path, tmp_path: Path
) -> None:
    done = run_process("rebuild", folder, "--rejects", "absent/rejets.tsv")
    assert done.returncode == 1
    assert done.stderr.startswith("depeche\u00a0: absent/rejets.tsv\u00a0: introuvable\u00a0; ")
    assert not (tmp_path / ".depeche/CURRENT").exists()


def test_rejects_are_not_written_over_the_index(run_process, folder: Path, tmp_path: Path) -> None:
    assert run_process("rebuild", folder).returncode == 0
    before = (tmp_path / ".depeche/CURRENT").read_bytes()
    done = run_process("update", "--rejects", ".depeche/CURRENT")
    assert done.returncode == 2
    assert "est dans l’index" in done.stderr
    assert (tmp_path / ".depeche/CURRENT").read_bytes() == before


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_named_with_the_index_that_is_in_service(
    run_process, spoiled: Path, tmp_path: Path
) -> None:
    done = run_process("rebuild", spoiled, "--rejects", FULL)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "depeche\u00a0: /dev/full\u00a0: plus de place sur le disque\u00a0; "
        "l’index précédent, s’il y en a un, reste en service"
    )
    assert "tous sont dans" not in done.stderr
    with FULL.open("w") as full:
        done = run_process("rebuild", spoiled, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "depeche\u00a0: plus de place sur le disque\u00a0; le nouvel index est en service"
    )
    assert (tmp_path / ".depeche/CURRENT").exists()


def test_an_index_among_the_articles_is_passed_over(run_process, folder: Path, tmp_path: Path) -> None:
    articles = shutil.copytree(folder, tmp_path / "articles")
    for command in (("rebuild", articles), ("update",)):
        done = run_process(*command, "--index", articles / "index")
        assert (done.returncode, done.stderr) == (0, "")
        assert "rejeté" not in done.stdout


@pytest.mark.parametrize("name", ["a.jsonl", "sous/rejets.tsv"])
def test_rejects_are_not_written_among_the_articles(run_process, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "articles"
    (folder / "sous").mkdir(parents=True)
    (folder / "a.jsonl").write_text('{"text": "La paix."}\nrien\n', encoding="utf-8")
    before = sorted(folder.rglob("*")), (folder / "a.jsonl").read_bytes()
    run_process("rebuild", folder)
    for command in (("rebuild", folder), ("update", folder), ("update",)):
        done = run_process(*command, "--rejects", folder / name)
        assert done.returncode == 2
        assert "est dans le dossier des articles" in done.stderr
        assert (sorted(folder.rglob("*")), (folder / "a.jsonl").read_bytes()) == before


def test_rejects_that_were_written_stay_until_there_are_others(
    run_process, spoiled: Path, folder: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejets.tsv"
    rejects.write_text("ceux d’hier\n", encoding="utf-8")
    assert run_process("rebuild", "absent", "--rejects", "rejets.tsv").returncode == 1
    assert rejects.read_text(encoding="utf-8") == "ceux d’hier\n"
    run_process("rebuild", spoiled, "--rejects", "rejets.tsv")
    assert "ceux d’hier" not in rejects.read_text(encoding="utf-8")
    run_process("rebuild", folder, "--rejects", "rejets.tsv")
    assert rejects.read_text(encoding="utf-8") == ""


def test_a_folder_of_rejects_only_is_a_failure_that_lists_them(run_process, tmp_path: Path) -> None:
    (tmp_path / "rien").mkdir()
    (tmp_path / "rien/vide.txt").touch()
    done = run_process("rebuild", "rien")
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first.startswith("rejeté\u00a0: vide.txt")
    assert second.startswith("depeche\u00a0: ")


def test_a_wrong_folder_is_one_clear_line(run_process, folder: Path) -> None:
    for wrong in ("absent", folder / "greve.txt"):
        done = run_process("rebuild", wrong)
        assert done.returncode == 1
        assert str(wrong) in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_second_writer_is_told_so(run_process, own: Path, folder: Path) -> None:
    with store.writing(own):
        for command in (["rebuild", folder], ["update"], ["rollback"]):
            done = run_process(*command, "--index", own)
            assert done.returncode == 1
            assert "en cours" in done.stderr
            assert done.stderr.count("\n") == 1
    assert run_process("rebuild", folder, "--index", own).returncode == 0


def test_update_counts_what_changed(run_process, folder: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    shutil.copytree(folder, articles)
    assert run_process("rebuild", articles).returncode == 0
    (articles / "greve.txt").write_text("La grève\n\nElle est finie depuis hier soir.\n", encoding="utf-8")
    (articles / "reelu.txt").unlink()
    (articles / "neuf.txt").write_text("Du neuf\n\nRien de vieux dans cet article.\n", encoding="utf-8")
    first = run_process("update")
    assert first.returncode == 0
    assert first.stdout.startswith(
        "3\u00a0articles dans l’index\u00a0: 1\u00a0ajouté, 1\u00a0modifié, 1\u00a0retiré, 1\u00a0inchangé en"
    )
    assert "génération 000002" in first.stdout
    second = run_process("update")
    assert "aucun ajouté, aucun modifié, aucun retiré, 3\u00a0inchangés" in second.stdout


def test_an_index_of_another_version_asks_to_be_rebuilt(run_process, own: Path, folder: Path) -> None:
    for manifest in own.glob("generations/*/manifest.json"):
        content = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({**content, "format": 0}), encoding="utf-8")
    for command in (["search", "grève"], ["stats"], ["check"], ["update"]):
        done = run_process(*command, "--index", own)
        assert done.returncode == 1
        assert "autre version" in done.stderr
        assert "depeche rebuild" in done.stderr
        assert done.stderr.count("\n") == 1
    assert run_process("rebuild", folder, "--index", own).returncode == 0
    assert run_process("check", "--index", own).returncode == 0


def test_check_finds_a_sound_index_sound(invoke, built: Path) -> None:
    result = invoke("check", "--index", built)
    assert result.exit_code == 0
    assert result.stdout == f"{built}\u00a0: génération 000001 saine\n"


def test_check_tells_damage_and_fails(invoke, own: Path) -> None:
    largest = max(own.glob("generations/000001/*"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    largest.write_bytes(content)
    result = invoke("check", "--index", own)
    assert result.exit_code == 1
    assert largest.name in result.stdout
    assert "depeche rollback" in result.stderr


def test_rollback_goes_one_generation_back(invoke, own: Path, folder: Path) -> None:
    assert invoke("rebuild", folder, "--index", own).exit_code == 0
    result = invoke("rollback", "--index", own)
    assert result.exit_code == 0
    assert "génération 000001 en service" in result.stdout
    assert invoke("rollback", "--index", own).exit_code == 1


def test_stats_for_people_and_for_programs(invoke, built: Path) -> None:
    told = json.loads(invoke("stats", "--json", "--index", built).stdout)
    assert (told["generation"], told["articles"]) == ("000001", 3)
    assert told["size_bytes"] > told["text_bytes"] > 0
    lines = invoke("stats", "--index", built).stdout.splitlines()
    assert "Articles       3" in lines
    assert "Génération     000001" in lines


@pytest.mark.parametrize("command", ["rebuild", "update"])
def test_a_folder_without_a_name_is_none(run_process, own: Path, folder: Path, command: str) -> None:
    for arguments in (["", "--index", own], [folder, "--index", ""], [folder, "", "--index", own]):
        done = run_process(command, *arguments, DEPECHE_INDEX=str(own))
        assert (done.returncode, done.stdout) == (2, "")
        assert "nom vide, attendu un dossier" in done.stderr.splitlines()[-1]
    assert store.current_name(own) == "000001"


def test_a_build_without_standard_error_is_a_build(run_python, folder: Path, tmp_path: Path) -> None:
    command = f"rebuild {folder} --index {tmp_path / 'mute'}"
    done = run_python(
        "import os, sys; os.close(2); "
        "program = 'from web.commands import main; main()'; "
        f"os.execv(sys.executable, [sys.executable, '-c', program, *'{command}'.split()])"
    )
    assert done.returncode == 0
    assert store.current_name(tmp_path / "mute") == "000001"


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        (lambda own: shutil.rmtree(own), "pendant ce temps, l’index a été retiré"),
        (lambda own: (own / "CURRENT").write_text("000001\n"), "pendant ce temps, l’index a été remplacé"),
    ],
)
def test_an_index_that_went_meanwhile_is_no_new_one(
    invoke, own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, meanwhile, told: str
) -> None:
    def full(*_: object) -> str:
        (own / "CURRENT").unlink()
        meanwhile(own)
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(store, "publish", full)
    result = invoke("rebuild", folder, "--index", own)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].endswith(told)


@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_the_index_that_was_there(
    start_process, own: Path, many: Path, interruption: signal.Signals
) -> None:
    process = start_process("rebuild", many, "--index", own)
    deadline = time.monotonic() + 60
    while not list(own.glob("generations/building-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    process.send_signal(interruption)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 1, stderr
    assert stderr == "depeche\u00a0: interrompu\u00a0; l’index précédent, s’il y en a un, reste en service\n"
    assert stdout == ""
    assert store.current_name(own) == "000001"
    assert store.check(own) == ()


def test_an_interruption_after_the_last_step_says_that_the_new_index_is_there(
    invoke, own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = store.publish

    def interrupted(*arguments: object) -> str:
        publish(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "publish", interrupted)
    result = invoke("rebuild", folder, "--index", own)
    assert result.exit_code == 1
    assert result.stderr == "depeche\u00a0: interrompu\u00a0; le nouvel index est en service\n"
    assert store.current_name(own) == "000002"
