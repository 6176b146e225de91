/* The loop of index/word_table.py, which has its stand-in: the line of a word is found by bisection. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

/* find(table, first, word) -> what the table says of a word, as bytes, or None. From `first` on the table is lines
   "word" or "word\tsaid", each with its newline, in the order of the bytes of their words. */
static PyObject *find(PyObject *self, PyObject *args)
{
    Py_buffer table, word;
    Py_ssize_t first;
    if (!PyArg_ParseTuple(args, "y*ny*", &table, &first, &word))
        return NULL;
    const char *text = table.buf, *end = text + table.len, *low = text + first, *high = end, *key = word.buf;
    Py_ssize_t size = word.len;
    while (low < high) { /* both are where lines start, or the end */
        const char *start = low + (high - low) / 2;
        while (start > low && start[-1] != '\n')
            start--;
        Py_ssize_t room = end - start;
        int order = memcmp(start, key, size < room ? size : room);
        if (order < 0 || (!order && room < size)) {
            const char *newline = memchr(start, '\n', end - start);
            low = newline ? newline + 1 : end;
        } else {
            high = start;
        }
    }
    PyObject *said = Py_None;
    const char *after = low + size;
    /* Of the lines that open with the word, its own is the first. */
    if (end - low > size && !memcmp(low, key, size) && (*after == '\t' || *after == '\n')) {
        const char *newline = memchr(after, '\n', end - after);
        const char *from = *after == '\t' ? after + 1 : after;
        said = PyBytes_FromStringAndSize(from, (newline ? newline : end) - from);
    } else {
        Py_INCREF(said);
    }
    PyBuffer_Release(&table);
    PyBuffer_Release(&word);
    return said;
}

static PyMethodDef functions[] = {
    {"find", find, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_word_table", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__word_table(void) { return PyModule_Create(&module); }
