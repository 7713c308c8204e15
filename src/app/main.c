/* main.c - the program diptych
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "diptych"

#include <locale.h>

#include "dpt-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (DptApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  /* Numbers are written as the files and the guides write them. */
  setlocale (LC_NUMERIC, "C");

  application = dpt_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  return status != 0 ? status : dpt_application_get_exit_status (application);
}
