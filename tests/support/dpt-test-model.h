/* dpt-test-model.h - models in memory, for tests of what compares them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-model.h"

G_BEGIN_DECLS

/* Keys with values, and an object graph with one child a key that was given
 * a full name.  Entries claim to come from a bundle and carry the checksum of
 * their bytes, unless a test gives them another. */
typedef struct _DptTestModel DptTestModel;

DptTestModel *dpt_test_model_new (void) G_GNUC_WARN_UNUSED_RESULT;
void dpt_test_model_free (DptTestModel *self);

/* The returned entry may be changed until the next call. */
DptCheckpointEntry *dpt_test_model_add (DptTestModel *self,
                                        const char *key,
                                        const char *full_name,
                                        DptTensor *tensor);
DptCheckpointEntry *dpt_test_model_add_floats (DptTestModel *self,
                                               const char *key,
                                               const char *full_name,
                                               gsize n_values,
                                               const float *values);
DptModel *dpt_test_model_end (DptTestModel *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTestModel, dpt_test_model_free)

G_END_DECLS
