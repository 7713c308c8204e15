/* dpt-proto-text-scanner.h - the words of the text form of protocol buffers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"
#include "dpt-format-error.h"

G_BEGIN_DECLS

/* A cursor over a text that need not be terminated.  Functions that can fail
 * set @error to where, what was expected and what was found. */
typedef struct
{
  const DptByteSource *source; /* for messages */
  const char *start;
  const char *cursor;
  const char *end;
} DptProtoTextScanner;

/* A name or a number, as it stands in the text; a sign is part of it. */
typedef struct
{
  const char *text;
  gsize length;
} DptProtoTextWord;

gboolean dpt_proto_text_scanner_fail (const DptProtoTextScanner *self,
                                      DptFormatError code,
                                      GError **error,
                                      const char *expected);
void dpt_proto_text_scanner_skip_space (DptProtoTextScanner *self);
gboolean dpt_proto_text_scanner_is_at_end (const DptProtoTextScanner *self);
char dpt_proto_text_scanner_peek (DptProtoTextScanner *self);
gboolean dpt_proto_text_scanner_accept (DptProtoTextScanner *self, char c);
gboolean dpt_proto_text_scanner_read_word (DptProtoTextScanner *self,
                                           DptProtoTextWord *word);
gboolean dpt_proto_text_scanner_read_string (DptProtoTextScanner *self,
                                             GByteArray *out,
                                             gsize limit,
                                             GError **error);

G_END_DECLS
