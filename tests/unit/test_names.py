"""Names and their spellings."""

from textwrap import dedent

import pytest

from proverka.names import Name, load_names, romanizations, spellings_of
from proverka.problems import Code, Problems
from proverka.text import fold

TARKOVSKY = Name("Andrei Tarkovsky", "person", "Андрей Арсеньевич Тарковский")
YERMASH = Name("Filipp Yermash", "person", "Филипп Тимофеевич Ермаш")
MOSFILM = Name("Mosfilm", "studio", "Мосфильм", also=("Mosfilm Studio",))
NAMES = (TARKOVSKY, YERMASH, MOSFILM)


def folded(texts):
    return [fold(each) for each in texts]


def known_as(name):
    return folded((*name.spellings(), *name.surnames()))


# --------------------------------------------------------------------------------------------------
# Spellings


@pytest.mark.parametrize(
    "spelling",
    [
        "Tarkovsky",
        "Tarkovskij",
        "Tarkovskii",
        "Tarkovskiy",
        "Tarkovski",
        "Tarkowski",
        "Тарковский",
        "Andrei Tarkovsky",
        "Andrey Tarkovsky",
        "Andrej Tarkovskij",
        "Andrei Tarkovski",
        "Андрей Тарковский",
        "Андрей Арсеньевич Тарковский",
    ],
)
def test_tarkovsky_is_known_in_every_usual_spelling(spelling):
    assert fold(spelling) in known_as(TARKOVSKY)


@pytest.mark.parametrize("spelling", ["Andrei", "Андрей", "Арсеньевич", "Tarkov", ""])
def test_a_given_name_or_a_part_is_no_spelling_of_a_person(spelling):
    assert fold(spelling) not in known_as(TARKOVSKY)


@pytest.mark.parametrize("spelling", ["Yermash", "Ermash", "Ermaš", "Ermasch", "Ермаш"])
def test_an_initial_ye_may_be_written_e(spelling):
    assert fold(spelling) in known_as(YERMASH)
    assert fold(spelling) in known_as(Name("Ermash", "person", "Ермаш"))


def test_the_spelling_of_the_book_comes_first():
    assert [name.spellings()[0] for name in NAMES] == ["Andrei Tarkovsky", "Filipp Yermash", "Mosfilm"]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.name)
def test_no_two_spellings_fold_to_the_same(name):
    spellings = folded(name.spellings())

    assert len(set(spellings)) == len(spellings)
    assert "" not in spellings


def test_a_person_without_a_russian_name_has_a_surname():
    assert Name("Claudio Abbado", "person").spellings() == ("Claudio Abbado",)
    assert Name("Claudio Abbado", "person").surnames() == ("Abbado",)


def test_a_person_with_one_name_has_one_spelling():
    assert Name("Plato", "person").spellings() == ("Plato",)


def test_a_film_is_not_known_by_its_last_word():
    film = Name("Ivan’s Childhood", "film", "Иваново детство", also=("My Name Is Ivan",))

    assert "childhood" not in folded(film.spellings())
    assert "детство" not in folded(film.spellings())
    assert {"ivans childhood", "my name is ivan", "ivanovo detstvo"} <= set(folded(film.spellings()))


# --------------------------------------------------------------------------------------------------
# Romanization


@pytest.mark.parametrize(
    ("russian", "expected"),
    [
        ("Тарковский", {"Tarkovskiy", "Tarkovsky", "Tarkovskij", "Tarkovskii", "Tarkowski", "Tarkovski"}),
        ("Щукин", {"Shchukin", "Ščukin", "Schtschukin", "Chtchoukin"}),
        ("Ермаш", {"Yermash", "Ermash", "Ermaš", "Ermasch", "Ermach"}),
        ("Юрий", {"Yuriy", "Yury", "Jurij", "Iurii", "Iury"}),
        ("Сергей", {"Sergey", "Sergei", "Sergej"}),
        ("Васильев", {"Vasilev", "Vasilyev"}),
    ],
)
def test_a_russian_name_is_written_by_every_system(russian, expected):
    assert expected <= set(romanizations(russian))


def test_an_initial_e_oborotnoye_is_no_ye():
    assert not any(each.startswith("Ye") for each in romanizations("Эйзенштейн"))


def test_every_letter_of_the_alphabet_is_romanized():
    alphabet = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"

    for latin in romanizations(alphabet):
        assert not set(latin.lower()) & set(alphabet)


def test_romanizations_are_given_once():
    found = romanizations("Андрей Тарковский")

    assert len(set(found)) == len(found)


def test_what_is_not_russian_stays():
    assert romanizations("Mosfilm 2") == ("Mosfilm 2",)


# --------------------------------------------------------------------------------------------------
# Answers that are names


@pytest.mark.parametrize("text", ["Tarkovsky", "tarkovskij", "ТАРКОВСКИЙ", "Andrei Tarkowski"])
def test_any_spelling_brings_all_others_with_it(text):
    assert set(folded(TARKOVSKY.spellings())) <= set(folded(spellings_of(text, NAMES)))


def test_the_spelling_asked_for_comes_first():
    assert spellings_of("Tarkovskij", NAMES)[0] == "Tarkovskij"


def test_spellings_of_one_name_do_not_bring_another():
    assert not set(folded(spellings_of("Mosfilm", NAMES))) & set(folded(TARKOVSKY.spellings()))


def test_a_text_that_is_no_name_has_no_other_spelling():
    assert spellings_of("a wet dog", NAMES) == ("a wet dog",)


def test_no_two_spellings_of_an_answer_fold_to_the_same():
    found = folded(spellings_of("Tarkovsky", (*NAMES, TARKOVSKY)))

    assert len(set(found)) == len(found)


# --------------------------------------------------------------------------------------------------
# Files


@pytest.fixture
def load(tmp_path):
    def _load(text):
        path = tmp_path / "names.yml"
        path.write_text(dedent(text), "utf-8")
        problems = Problems()
        return load_names(path, "names.yml", problems), problems

    return _load


def test_a_good_file_gives_names_and_no_problems(load):
    names, problems = load("""
        - name: Andrei Tarkovsky
          ru: Андрей Арсеньевич Тарковский
          kind: person
        - name: Mosfilm
          kind: studio
          also: [Mosfilm Studio, Mos-film]
    """)

    assert problems == []
    assert [(each.name, each.kind, each.ru, each.also) for each in names] == [
        ("Andrei Tarkovsky", "person", "Андрей Арсеньевич Тарковский", ()),
        ("Mosfilm", "studio", "", ("Mosfilm Studio", "Mos-film")),
    ]
    assert [each.place.line for each in names] == [2, 5]


def test_a_missing_file_gives_no_names_and_no_problems(tmp_path):
    problems = Problems()

    assert load_names(tmp_path / "names.yml", "names.yml", problems) == ()
    assert problems == []


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("- kind: person\n", 1, Code.FIELD_MISSING),
        ("- name:\n  kind: person\n", 1, Code.FIELD_MISSING),
        ("- name: Mosfilm\n", 1, Code.FIELD_MISSING),
        ("- name: Mosfilm\n  kind: factory\n", 2, Code.FIELD_TYPE),
        ("- name: [Mosfilm]\n  kind: studio\n", 1, Code.FIELD_TYPE),
        ("- name: Mosfilm\n  kind: studio\n  also: {a: b}\n", 3, Code.FIELD_TYPE),
        ("- name: Mosfilm\n  kind: studio\n  russian: Мосфильм\n", 3, Code.FIELD_UNKNOWN),
        ("- name: A\n  kind: film\n- name: A\n  kind: film\n", 3, Code.DUPLICATE_ID),
        ("- Mosfilm\n", 1, Code.FIELD_TYPE),
        ("name: Mosfilm\n", 1, Code.FIELD_TYPE),
        ("- name: &anchor Mosfilm\n", 1, Code.YAML),
        ("- name: !!python/name:os.system x\n", 1, Code.YAML),
        ("- name: Mosfilm: a studio\n", 1, Code.YAML),
        ("- name: Mosfilm\n\tkind: studio\n", 2, Code.YAML),
        ("", 1, Code.EMPTY),
    ],
)
def test_a_bad_file_gives_a_problem_in_its_place(load, text, line, code):
    _, problems = load(text)

    assert [(each.place.file, each.place.line, each.code) for each in problems] == [("names.yml", line, code)]


def test_every_problem_of_a_file_is_given_at_once(load):
    names, problems = load("""
        - name: Mosfilm
          kind: factory
        - kind: person
        - name: Andrei Tarkovsky
          kind: person
    """)

    assert [each.code for each in problems] == [Code.FIELD_TYPE, Code.FIELD_MISSING]
    assert "Andrei Tarkovsky" in [each.name for each in names]


def test_a_file_that_is_not_utf_8_gives_a_problem(tmp_path):
    path = tmp_path / "names.yml"
    path.write_bytes("- name: Мосфильм\n  kind: studio\n".encode("cp1251"))
    problems = Problems()

    load_names(path, "names.yml", problems)

    assert [each.code for each in problems] == [Code.FILE_ENCODING]


BROTHERS = (
    Name("Arkady Strugatsky", "person", "Аркадий Натанович Стругацкий"),
    Name("Boris Strugatsky", "person", "Борис Натанович Стругацкий"),
)


def test_a_brother_is_not_taken_for_the_other():
    accepted = folded(spellings_of("Boris Strugatsky", BROTHERS))

    assert "boris strugackij" in accepted
    assert "strugatsky" not in accepted
    assert not any("arkad" in each for each in accepted)


def test_a_shared_surname_stands_for_itself_alone():
    accepted = folded(spellings_of("Strugatsky", BROTHERS))

    assert "strugackij" in accepted
    assert not any(" " in each for each in accepted)


def test_a_surname_that_nobody_shares_stands_for_the_name():
    assert "андреи тарковскии" in folded(spellings_of("Tarkovsky", NAMES))
    assert "tarkovskij" in folded(spellings_of("Andrei Tarkovsky", NAMES))
