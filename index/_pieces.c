/* The compiled `Pieces` and `spread` of index/pieces.py, which has their stand-ins and says what they do.

   `Pieces` is a table of the different pieces of all texts that were cut: open addressing over the hashes of
   their characters, which lie one piece after the other. What a piece is made of is compared, not its hash alone.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 256 /* characters of a piece that is kept: longer ones hardly come twice */
#define LONGEST_ELISION 8
#define NONE UINT32_MAX

typedef struct {
    uint32_t number, hash;
    uint64_t start; /* in `characters` */
} Kept;

typedef struct {
    uint32_t length;
    Py_UCS4 characters[LONGEST_ELISION];
} Elision;

typedef struct {
    PyObject_HEAD
    uint32_t count, kept_count, slot_count; /* slots are a power of two */
    uint32_t *slots;                        /* which is kept there, or NONE */
    Kept *kept;
    Py_UCS4 *characters;
    uint64_t used, room;
    PyObject *new_pieces;
    Elision *elisions;
    Py_ssize_t elision_count;
} Pieces;

enum { OUTSIDE, INSIDE, SPACE, THIN_SPACE, DIGIT };
static uint8_t kind_of[256], lower_of[256];
/* What hashes are made with. Nobody knows it beforehand, so nobody can write pieces of which all hashes are the
   same, each of which would be compared with all before it. */
static uint64_t seed, factor;

static int is_thin_space(Py_UCS4 c) { return c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009; }

/* Say what a character is to a word: may it open or close one, does it part two, may it group digits? */
static int judge(Py_UCS4 c)
{
    if (is_thin_space(c))
        return THIN_SPACE;
    if (Py_UNICODE_ISSPACE(c))
        return SPACE;
    if (Py_UNICODE_ISDECIMAL(c))
        return DIGIT;
    int joins = (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200d) || c == 0xad || c == 0x2060 || c == 0xfeff;
    return joins || c == '_' || c == '#' || Py_UNICODE_ISALNUM(c) ? INSIDE : OUTSIDE;
}

static int kind(Py_UCS4 c) { return c < 256 ? kind_of[c] : judge(c); }

static Py_UCS4 lowered(Py_UCS4 c) { return c < 256 ? lower_of[c] : c; }

static int in_word(int kind) { return kind == INSIDE || kind == DIGIT; }

/* Make room for twice as many pieces; 0, or -1 with an exception set. */
static int grow(Pieces *self)
{
    uint32_t count = self->slot_count ? 2 * self->slot_count : 1 << 12;
    uint32_t *slots = malloc(count * sizeof *slots);
    Kept *kept = realloc(self->kept, count / 2 * sizeof *kept);
    if (kept)
        self->kept = kept;
    if (!slots || !kept) {
        free(slots);
        PyErr_NoMemory();
        return -1;
    }
    memset(slots, 0xff, count * sizeof *slots);
    for (uint32_t i = 0; i < self->kept_count; i++) {
        uint32_t at = kept[i].hash & (count - 1);
        while (slots[at] != NONE)
            at = (at + 1) & (count - 1);
        slots[at] = i;
    }
    free(self->slots);
    self->slots = slots;
    self->slot_count = count;
    return 0;
}

/* Number a piece that is new, and let it be read; NONE with an exception set. */
static uint32_t begin(Pieces *self, const Py_UCS4 *piece, Py_ssize_t size)
{
    PyObject *text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, piece, size);
    int failed = !text || PyList_Append(self->new_pieces, text) < 0;
    Py_XDECREF(text);
    if (!failed && self->count == NONE - 1) {
        PyErr_SetString(PyExc_OverflowError, "too many different pieces");
        failed = 1;
    }
    return failed ? NONE : self->count++;
}

/* Give the number of a piece; NONE with an exception set. */
static uint32_t number_of(Pieces *self, const Py_UCS4 *piece, Py_ssize_t size, uint32_t hash)
{
    if (size > LONGEST)
        return begin(self, piece, size);
    if (2 * self->kept_count >= self->slot_count && grow(self) < 0)
        return NONE;
    uint32_t at = hash & (self->slot_count - 1);
    for (; self->slots[at] != NONE; at = (at + 1) & (self->slot_count - 1)) {
        const Kept *found = &self->kept[self->slots[at]];
        if (found->hash != hash)
            continue;
        uint64_t end = self->slots[at] + 1 < self->kept_count ? found[1].start : self->used;
        if (end - found->start == (uint64_t)size &&
            !memcmp(self->characters + found->start, piece, size * sizeof *piece))
            return found->number;
    }
    if (self->used + size > self->room) {
        uint64_t room = 2 * (self->used + size);
        Py_UCS4 *characters = realloc(self->characters, room * sizeof *characters);
        if (!characters) {
            PyErr_NoMemory();
            return NONE;
        }
        self->characters = characters;
        self->room = room;
    }
    uint32_t number = begin(self, piece, size);
    if (number == NONE)
        return NONE;
    memcpy(self->characters + self->used, piece, size * sizeof *piece);
    self->kept[self->kept_count] = (Kept){number, hash, self->used};
    self->slots[at] = self->kept_count++;
    self->used += size;
    return number;
}

/* Say whether a piece, so far, is an elision that stands before a word: of "l'homme" only "homme" is read. */
static int elides(const Pieces *self, const Py_UCS4 *piece, Py_ssize_t length, Py_UCS4 apostrophe, Py_UCS4 next)
{
    if ((apostrophe != '\'' && apostrophe != 0x2019) || length > LONGEST_ELISION)
        return 0;
    if (!Py_UNICODE_ISALNUM(next) || next == 0x2bc) /* which is an apostrophe, though a letter to Unicode */
        return 0;
    for (Py_ssize_t i = 0; i < self->elision_count; i++)
        if (self->elisions[i].length == length &&
            !memcmp(self->elisions[i].characters, piece, length * sizeof *piece))
            return 1;
    return 0;
}

/* Cut a text of which each character takes `width` bytes into `numbers`; how many, or -1 with an exception set. */
static inline Py_ssize_t cut_width(Pieces *self, int width, const void *data, Py_ssize_t size, uint32_t *numbers,
                                   Py_UCS4 *piece)
{
    Py_ssize_t at = 0, found = 0;
    while (at < size) {
        Py_ssize_t length = 0, word_end = 0;
        uint64_t hash = seed, word_hash = seed;
        int last = OUTSIDE, hashtag = 0;
        for (; at < size; at++) {
            Py_UCS4 c = PyUnicode_READ(width, data, at);
            int is = kind(c);
            if (is == SPACE)
                break;
            if (is == THIN_SPACE) { /* within a number it parts nothing */
                int groups = last == DIGIT && at + 1 < size;
                if (!groups || kind(PyUnicode_READ(width, data, at + 1)) != DIGIT)
                    break;
            }
            last = is;
            if (!in_word(is)) {
                if (!length)
                    continue;
                if (at + 1 < size && elides(self, piece, length, c, PyUnicode_READ(width, data, at + 1))) {
                    length = word_end = 0;
                    hash = seed;
                    continue;
                }
            }
            hashtag |= c == '#'; /* of which capitals tell the words */
            piece[length++] = c = hashtag ? c : lowered(c);
            hash = (hash ^ c) * factor;
            if (in_word(is)) {
                word_end = length;
                word_hash = hash;
            }
        }
        at++;
        if (word_end && (numbers[found++] = number_of(self, piece, word_end, word_hash >> 32)) == NONE)
            return -1;
    }
    return found;
}

PyDoc_STRVAR(cut_doc, "cut(text) -> the numbers of the pieces of a text, in order, as bytes (uint32 each)");

static PyObject *cut(Pieces *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "expected a str");
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), found;
    /* Of n characters no more than n / 2 + 1 pieces can be made; a piece is gathered where it is looked up. */
    uint32_t *numbers = malloc((size / 2 + 1) * sizeof *numbers);
    Py_UCS4 *piece = malloc((size + 1) * sizeof *piece);
    if (!numbers || !piece) {
        free(numbers);
        free(piece);
        return PyErr_NoMemory();
    }
    switch (PyUnicode_KIND(text)) { /* a loop for each width, of which the compiler knows it */
    case PyUnicode_1BYTE_KIND:
        found = cut_width(self, PyUnicode_1BYTE_KIND, data, size, numbers, piece);
        break;
    case PyUnicode_2BYTE_KIND:
        found = cut_width(self, PyUnicode_2BYTE_KIND, data, size, numbers, piece);
        break;
    default:
        found = cut_width(self, PyUnicode_4BYTE_KIND, data, size, numbers, piece);
    }
    PyObject *given = found < 0 ? NULL : PyBytes_FromStringAndSize((char *)numbers, found * sizeof *numbers);
    free(numbers);
    free(piece);
    return given;
}

PyDoc_STRVAR(take_new_doc, "take_new() -> the pieces numbered since this was last called, in order");

static PyObject *take_new(Pieces *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *none_yet = PyList_New(0), *taken = self->new_pieces;
    if (!none_yet)
        return NULL;
    self->new_pieces = none_yet;
    return taken;
}

static Py_ssize_t length(Pieces *self) { return self->count; }

/* Read the elisions, a tuple of str; 0, or -1 with an exception set. */
static int read_elisions(Pieces *self, PyObject *given)
{
    self->elision_count = PyTuple_GET_SIZE(given);
    self->elisions = calloc(self->elision_count + 1, sizeof *self->elisions);
    if (!self->elisions) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < self->elision_count; i++) {
        PyObject *elision = PyTuple_GET_ITEM(given, i);
        if (!PyUnicode_Check(elision) || PyUnicode_GET_LENGTH(elision) > LONGEST_ELISION) {
            PyErr_SetString(PyExc_ValueError, "expected a tuple of str of 8 characters at most");
            return -1;
        }
        self->elisions[i].length = (uint32_t)PyUnicode_GET_LENGTH(elision);
        for (uint32_t j = 0; j < self->elisions[i].length; j++)
            self->elisions[i].characters[j] = PyUnicode_READ_CHAR(elision, j);
    }
    return 0;
}

static PyObject *create(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    PyObject *elisions;
    if (!PyArg_ParseTuple(args, "O!", &PyTuple_Type, &elisions))
        return NULL;
    Pieces *self = (Pieces *)type->tp_alloc(type, 0);
    if (self && (!(self->new_pieces = PyList_New(0)) || read_elisions(self, elisions) < 0))
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void destroy(Pieces *self)
{
    free(self->slots);
    free(self->kept);
    free(self->characters);
    free(self->elisions);
    Py_XDECREF(self->new_pieces);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {
    {"cut", (PyCFunction)cut, METH_O, cut_doc},
    {"take_new", (PyCFunction)take_new, METH_NOARGS, take_new_doc},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods as_sequence = {.sq_length = (lenfunc)length};

static PyTypeObject pieces_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "index._pieces.Pieces",
    .tp_basicsize = sizeof(Pieces),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("See index.pieces."),
    .tp_new = create,
    .tp_dealloc = (destructor)destroy,
    .tp_methods = methods,
    .tp_as_sequence = &as_sequence,
};

/* spread(pieces, texts, documents, starts, words, forms, places, out_forms, out_documents, out_positions): all are
   int32, `texts` are how many pieces each has, and `starts` where the readings of each piece start, and of none. */
static PyObject *spread(PyObject *self, PyObject *args)
{
    enum { PIECES, TEXTS, DOCUMENTS, STARTS, WORDS, FORMS, PLACES, OUT_FORMS, OUT_DOCUMENTS, OUT_POSITIONS, ALL };
    Py_buffer of[ALL];
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*w*w*w*", &of[0], &of[1], &of[2], &of[3], &of[4], &of[5], &of[6], &of[7],
                          &of[8], &of[9]))
        return NULL;
    const int32_t *piece = of[PIECES].buf, *count = of[TEXTS].buf, *document = of[DOCUMENTS].buf;
    const int32_t *start = of[STARTS].buf, *words = of[WORDS].buf, *form = of[FORMS].buf, *place = of[PLACES].buf;
    int32_t *to_form = of[OUT_FORMS].buf, *to_document = of[OUT_DOCUMENTS].buf, *to_position = of[OUT_POSITIONS].buf;
    for (int64_t i = 0, texts = of[TEXTS].len / 4; i < texts; i++) {
        int32_t position = 0;
        for (int32_t j = 0; j < count[i]; j++, piece++) {
            for (int32_t k = start[*piece]; k < start[*piece + 1]; k++) {
                *to_form++ = form[k];
                *to_document++ = document[i];
                *to_position++ = position + place[k];
            }
            position += words[*piece];
        }
    }
    for (int i = 0; i < ALL; i++)
        PyBuffer_Release(&of[i]);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"spread", spread, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_pieces", NULL, -1, functions, NULL, NULL, NULL, NULL};

/* Take from Python what it makes its own hashes with: another number in each process. */
static int choose_hash(void)
{
    uint64_t *chosen[] = {&seed, &factor};
    for (int i = 0; i < 2; i++) {
        PyObject *name = PyUnicode_FromString(i ? "factor" : "seed");
        Py_hash_t hash = name ? PyObject_Hash(name) : -1;
        Py_XDECREF(name);
        if (hash == -1)
            return -1;
        *chosen[i] = (uint64_t)hash | i; /* a factor that is odd loses nothing */
    }
    return 0;
}

PyMODINIT_FUNC PyInit__pieces(void)
{
    if (choose_hash() < 0)
        return NULL;
    for (int c = 0; c < 256; c++) {
        kind_of[c] = (uint8_t)judge(c);
        lower_of[c] = (uint8_t)((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ? c + 32 : c);
    }
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddType(made, &pieces_type) < 0)
        Py_CLEAR(made);
    return made;
}
