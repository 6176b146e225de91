/* The loop of index/articles/characters.py, which has its stand-in and says what it does. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#define SURVEY(type)                                                                                                   \
    for (Py_ssize_t i = 0; i < length; i++) {                                                                          \
        Py_UCS4 here = ((const type *)characters)[i];                                                                  \
        kinds |= here < tabled ? kind[here] : every;                                                                   \
        doubled |= here == ' ' && before == ' ';                                                                       \
        before = here;                                                                                                 \
    }

/* kinds_of(text, table, spacing, every): the kinds of all characters of a text, as the table has them, and `spacing` where
   two spaces follow each other; of what the table does not have, `every` */
static PyObject *kinds_of(PyObject *self, PyObject *args)
{
    PyObject *text;
    Py_buffer table;
    int spacing, every;
    if (!PyArg_ParseTuple(args, "Uy*ii", &text, &table, &spacing, &every))
        return NULL;
    const uint8_t *kind = table.buf;
    const void *characters = PyUnicode_DATA(text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    Py_UCS4 tabled = (Py_UCS4)table.len, before = 0;
    int kinds = 0, doubled = 0;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        SURVEY(Py_UCS1)
        break;
    case PyUnicode_2BYTE_KIND:
        SURVEY(Py_UCS2)
        break;
    default:
        SURVEY(Py_UCS4)
    }
    PyBuffer_Release(&table);
    return PyLong_FromLong(kinds | (doubled ? spacing : 0));
}

static PyMethodDef functions[] = {
    {"kinds_of", kinds_of, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_characters", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__characters(void) { return PyModule_Create(&module); }
