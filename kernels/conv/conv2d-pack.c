/* conv2d-pack.c - lays a filter out as the fast convolution reads it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A panel is a fixed number of output channels.  The filter [window,
 * out_channels] becomes [panels, window, panel], so that the inner loop reads
 * one unbroken stream; the last panel is filled up with zeros.
 */

#include "dptk.h"

#include <string.h>

/**
 * dptk_conv2d_get_panel:
 * @variant: of the kernel that will read the filter
 *
 * Returns: output channels of a panel: two vectors of @variant.
 */
size_t
dptk_conv2d_get_panel (DptkVariant variant)
{
  return variant == DPTK_VARIANT_AVX512 ? 32
         : variant == DPTK_VARIANT_AVX2 ? 16
                                        : 8;
}

/**
 * dptk_conv2d_get_packed_size:
 * @window: kernel_height * kernel_width * in_channels
 * @out_channels: output channels
 * @panel: output channels of a panel
 *
 * Returns: floats that dptk_conv2d_pack() writes.
 */
size_t
dptk_conv2d_get_packed_size (size_t window, size_t out_channels, size_t panel)
{
  return (out_channels + panel - 1) / panel * panel * window;
}

/**
 * dptk_conv2d_pack:
 * @filter: [window, out_channels]
 * @window: kernel_height * kernel_width * in_channels
 * @out_channels: output channels
 * @panel: output channels of a panel
 * @packed: (out caller-allocates): [panels, window, panel]
 */
void
dptk_conv2d_pack (const float *restrict filter,
                  size_t window,
                  size_t out_channels,
                  size_t panel,
                  float *restrict packed)
{
  for (size_t first = 0; first < out_channels; first += panel)
    {
      size_t n = out_channels - first < panel ? out_channels - first : panel;

      for (size_t k = 0; k < window; k++, packed += panel)
        {
          memcpy (packed, filter + k * out_channels + first,
                  n * sizeof *packed);
          memset (packed + n, 0, (panel - n) * sizeof *packed);
        }
    }
}
