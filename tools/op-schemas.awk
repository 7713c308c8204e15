# op-schemas.awk - collects the ops' schemas into a sorted C table
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reads the op families (src/engine/ops/*.c) and takes from each row
#
#   DPT_OP ("Name", "schema, perhaps" " in several literals", shape, compute)
#
# the name and the literals that follow it.  A row begins on a line of its
# own.  Writes the rows as `{ "Name", "schema" },`, sorted by name in byte
# order, because whoever looks an op up bisects.  POSIX awk, no extensions.

function fail(message) {
  printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
  failed = 1
  exit 1
}

# Takes string literals off the front of `text`; a comma outside of them ends
# the name first and the schema second.
function scan(text,    c, n) {
  while (text != "") {
    c = substr(text, 1, 1)
    if (c == "\"") {
      if (!match(text, /^"([^"\\]|\\.)*"/))
        fail("a string literal does not end on its line")
      literal = literal substr(text, 2, RLENGTH - 2)
      n_literals++
      text = substr(text, RLENGTH + 1)
    } else if (c == ",") {
      if (n_literals == 0)
        fail("DPT_OP wants a name and a schema as string literals")
      if (state == "name") {
        name = literal
        state = "schema"
      } else {
        add(name, literal)
        state = ""
        return
      }
      literal = ""
      n_literals = 0
      text = substr(text, 2)
    } else if (c == " " || c == "\t") {
      text = substr(text, 2)
    } else {
      fail("DPT_OP wants a name and a schema as string literals")
    }
  }
}

function add(op, schema) {
  if (op in schemas)
    fail("op " op " has two rows")
  schemas[op] = schema
  names[++count] = op
}

/^[ \t]*DPT_OP \(/ {
  if (state != "")
    fail("a row begins inside a row")
  state = "name"
  literal = ""
  n_literals = 0
  sub(/^[ \t]*DPT_OP \(/, "")
  scan($0)
  next
}

state != "" { scan($0) }

END {
  if (failed)
    exit 1
  if (state != "")
    fail("the last row does not end")

  # Insertion sort: some hundred names, and awk has no sort of its own.  The
  # comparison is on bytes because the build sets LC_ALL=C.
  for (i = 2; i <= count; i++) {
    op = names[i]
    for (j = i - 1; j >= 1 && names[j] > op; j--)
      names[j + 1] = names[j]
    names[j + 1] = op
  }

  print "/* Made from the rows of src/engine/ops by tools/op-schemas.awk. */"
  for (i = 1; i <= count; i++)
    printf "{ \"%s\", \"%s\" },\n", names[i], schemas[names[i]]
}
