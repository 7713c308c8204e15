/* dptk-kernels.h - prototypes of the kernels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once
