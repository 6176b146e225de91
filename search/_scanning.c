/* The loops of search.beginnings and search.sentences that look at every character of a text.

   Both functions have a stand-in in the module that calls them, which says what they are for and is what runs
   where this file was not compiled; tests run both. Nothing is kept between two calls.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define INNER '\'' /* as search.beginnings sketches what may stand inside a word, what may be any letter, */
#define ANY '?'    /* and what parts words */
#define PART ' '

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size;
} Text;

static Text text_of(PyObject *text)
{
    return (Text){(int)PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)};
}

static Py_UCS4 at(const Text *text, Py_ssize_t place) { return PyUnicode_READ(text->kind, text->data, place); }

static int is_digit(const Text *text, Py_ssize_t place)
{
    return place >= 0 && place < text->size && Py_UNICODE_ISDECIMAL(at(text, place));
}

/* Whether the space at a place groups the digits of one number. */
static int groups_digits(const Text *text, Py_ssize_t place)
{
    return is_digit(text, place - 1) && is_digit(text, place + 1);
}

static Py_ssize_t piece_start(const Text *text, Py_ssize_t place, Py_ssize_t lowest)
{
    for (; place > lowest; place--) {
        Py_UCS4 before = at(text, place - 1);
        if (before == '\n' || (before == ' ' && !(place - 1 > lowest && groups_digits(text, place - 1))))
            break;
    }
    return place;
}

static Py_ssize_t piece_end(const Text *text, Py_ssize_t place)
{
    for (; place < text->size; place++) {
        Py_UCS4 c = at(text, place);
        if (c == '\n' || (c == ' ' && !groups_digits(text, place)))
            break;
    }
    return place;
}

static int is_part(uint8_t sketched) { return sketched == PART || sketched == INNER || sketched == ANY; }

typedef struct {
    const uint8_t *start, *end;     /* the beginnings that are wanted, sorted, with PART between them */
    const uint8_t *of_letter[256];  /* the first of those that begin with a letter */
    const uint8_t *table;           /* the sketch of the first characters there are; any other is ANY */
    Py_UCS4 table_size;
} Wanted;

static inline uint8_t sketch(const Text *text, int kind, Py_ssize_t place, const Wanted *wanted)
{
    Py_UCS4 c = PyUnicode_READ(kind, text->data, place);
    return kind == PyUnicode_1BYTE_KIND || c < wanted->table_size ? wanted->table[c] : ANY;
}

/* Whether a word begins as one that is wanted, but for what may stand inside it. */
static int begins(const Text *text, Py_ssize_t word, uint8_t first, const Wanted *wanted)
{
    for (const uint8_t *each = wanted->of_letter[first]; each && each < wanted->end && *each == first;) {
        for (Py_ssize_t place = word + 1; ++each < wanted->end && *each != PART; place++) {
            while (place < text->size && sketch(text, text->kind, place, wanted) == INNER)
                place++;
            if (place >= text->size || sketch(text, text->kind, place, wanted) != *each)
                break;
        }
        if (each >= wanted->end || *each == PART)
            return 1;
        each = memchr(each, PART, wanted->end - each);
        each += each != NULL;
    }
    return 0;
}

/* Give the first place from this one on where a word may stand that is wanted; the end of the text if none. */
static inline Py_ssize_t next_place(const Text *text, int kind, Py_ssize_t place, const Wanted *wanted)
{
    for (; place < text->size; place++) {
        uint8_t letter = sketch(text, kind, place, wanted);
        if (letter == ANY)
            break;
        if (wanted->of_letter[letter] && (place == 0 || is_part(sketch(text, kind, place - 1, wanted))) &&
            begins(text, place, letter, wanted))
            break;
    }
    return place;
}

static Py_ssize_t next_place_of_any_kind(const Text *text, Py_ssize_t place, const Wanted *wanted)
{
    switch (text->kind) { /* three loops, each for one width of character */
    case PyUnicode_1BYTE_KIND:
        return next_place(text, PyUnicode_1BYTE_KIND, place, wanted);
    case PyUnicode_2BYTE_KIND:
        return next_place(text, PyUnicode_2BYTE_KIND, place, wanted);
    default:
        return next_place(text, PyUnicode_4BYTE_KIND, place, wanted);
    }
}

static int append(PyObject *found, PyObject *whole, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *place = PyLong_FromSsize_t(start), *piece = PyUnicode_Substring(whole, start, end);
    PyObject *pair = place && piece ? PyTuple_Pack(2, place, piece) : NULL;
    int failed = !pair || PyList_Append(found, pair) < 0;
    Py_XDECREF(place);
    Py_XDECREF(piece);
    Py_XDECREF(pair);
    return failed;
}

/* find_pieces(text, wanted, table) -> [(start, piece)]: see search.beginnings; `table` has 256 bytes or more. */
static PyObject *find_pieces(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyUnicode_Check(args[0]) || !PyBytes_Check(args[1]) || !PyBytes_Check(args[2]) ||
        PyBytes_GET_SIZE(args[2]) < 256) {
        PyErr_SetString(PyExc_TypeError, "find_pieces(text: str, wanted: bytes, table: bytes)");
        return NULL;
    }
    Text text = text_of(args[0]);
    Wanted wanted = {.start = (uint8_t *)PyBytes_AS_STRING(args[1]),
                     .table = (uint8_t *)PyBytes_AS_STRING(args[2]),
                     .table_size = (Py_UCS4)PyBytes_GET_SIZE(args[2])};
    wanted.end = wanted.start + PyBytes_GET_SIZE(args[1]);
    for (const uint8_t *each = wanted.start; each && each < wanted.end;) {
        if (!wanted.of_letter[*each])
            wanted.of_letter[*each] = each;
        each = memchr(each, PART, wanted.end - each);
        each += each != NULL;
    }
    PyObject *found = PyList_New(0);
    for (Py_ssize_t end = 0; found;) {
        Py_ssize_t place = next_place_of_any_kind(&text, end, &wanted);
        if (place == text.size)
            break;
        Py_ssize_t start = piece_start(&text, place, end);
        end = piece_end(&text, place);
        if (append(found, args[0], start, end))
            Py_CLEAR(found);
    }
    return found;
}

static int is_mark(Py_UCS4 c) { return c == '.' || c == '!' || c == '?' || c == 0x2026; }

static int is_closing(Py_UCS4 c)
{
    return c == 0xbb || c == 0x201d || c == '"' || c == 0x2019 || c == '\'' || c == ')' || c == ']';
}

static int is_opening(Py_UCS4 c)
{
    return c == 0xab || c == 0x201c || c == '"' || c == '\'' || c == '(' || c == '[' || c == 0x2013 ||
           c == 0x2014 || c == '-' || Py_UNICODE_ISSPACE(c);
}

static int in_word(Py_UCS4 c) { return c == '_' || Py_UNICODE_ISALNUM(c); }

static int in_abbreviation(Py_UCS4 c)
{
    return c == '.' || c == '-' || (c >= 0x300 && c <= 0x36f) || in_word(c);
}

/* Give where what closes behind some marks ends, if white space or the end comes then; else -1. */
static Py_ssize_t closed(const Text *text, Py_ssize_t place, Py_ssize_t stop)
{
    Py_ssize_t end = -1;
    for (;;) {
        int is_space = place < stop && Py_UNICODE_ISSPACE(at(text, place));
        if (is_space || place == stop)
            end = place;
        place += is_space;
        if (place >= stop || !is_closing(at(text, place)))
            return end;
        place++;
    }
}

/* Whether the word that ends before a full stop is none that is written with one; -1 with an exception set. */
static int is_whole(const Text *text, PyObject *whole, Py_ssize_t stop, Py_ssize_t lowest, PyObject *is_shortened)
{
    Py_ssize_t word = stop;
    while (word > lowest && in_abbreviation(at(text, word - 1)))
        word--;
    while (word < stop && !in_word(at(text, word)))
        word++;
    if (word == stop)
        return 1;
    PyObject *written = PyUnicode_Substring(whole, word, stop);
    PyObject *said = written ? PyObject_CallOneArg(is_shortened, written) : NULL;
    int shortened = said ? PyObject_IsTrue(said) : -1;
    Py_XDECREF(written);
    Py_XDECREF(said);
    return shortened < 0 ? -1 : !shortened;
}

/* Give where the sentence ends that starts here; -1 with an exception set. */
static Py_ssize_t sentence_end(const Text *text, PyObject *whole, Py_ssize_t start, Py_ssize_t stop,
                               Py_ssize_t longest, PyObject *is_shortened)
{
    for (Py_ssize_t i = start; i < stop; i++) {
        if (!is_mark(at(text, i)) || (i && is_mark(at(text, i - 1))))
            continue;
        Py_ssize_t behind = i + 1;
        while (behind < stop && is_mark(at(text, behind)))
            behind++;
        Py_ssize_t end = closed(text, behind, stop), next = end;
        if (end < 0)
            continue;
        while (next < stop && is_opening(at(text, next)))
            next++;
        if (next < stop && in_word(at(text, next)) && Py_UNICODE_ISLOWER(at(text, next)))
            continue;
        int ends = 1;
        if (behind == i + 1 && at(text, i) == '.')
            ends = is_whole(text, whole, i, i - longest > start ? i - longest : start, is_shortened);
        if (ends)
            return ends < 0 ? -1 : end;
    }
    return stop;
}

/* Append (start, end) without the white space around it; give where it ends, or -1 with an exception set. */
static Py_ssize_t append_trimmed(PyObject *found, const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    while (start < end && Py_UNICODE_ISSPACE(at(text, start)))
        start++;
    while (start < end && Py_UNICODE_ISSPACE(at(text, end - 1)))
        end--;
    PyObject *span = Py_BuildValue("nn", start, end);
    int failed = !span || PyList_Append(found, span) < 0;
    Py_XDECREF(span);
    return failed ? -1 : end;
}

/* sentences_at(text, places, longest, is_shortened) -> [(start, end)]: see search.sentences. */
static PyObject *sentences_at(PyObject *self, PyObject *args)
{
    PyObject *whole, *places, *is_shortened;
    Py_ssize_t longest, start, end = -1, stop = -1;
    if (!PyArg_ParseTuple(args, "UO!nO", &whole, &PyList_Type, &places, &longest, &is_shortened))
        return NULL;
    Text text = text_of(whole);
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found && i < PyList_GET_SIZE(places); i++) {
        Py_ssize_t place = PyLong_AsSsize_t(PyList_GET_ITEM(places, i));
        if (place < 0 || place >= text.size) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "no place of the text");
            Py_CLEAR(found);
            break;
        }
        if (place < end)
            continue;
        if (place >= stop) {
            for (end = place; end > 0 && at(&text, end - 1) != '\n';)
                end--;
            for (stop = place; stop < text.size && at(&text, stop) != '\n';)
                stop++;
        }
        do {
            start = end;
            end = sentence_end(&text, whole, start, stop, longest, is_shortened);
        } while (end >= 0 && end <= place);
        end = end < 0 ? -1 : append_trimmed(found, &text, start, end);
        if (end < 0)
            Py_CLEAR(found);
    }
    return found;
}

static PyMethodDef functions[] = {
    {"find_pieces", (PyCFunction)(void (*)(void))find_pieces, METH_FASTCALL, NULL},
    {"sentences_at", sentences_at, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scanning", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scanning(void) { return PyModule_Create(&module); }
