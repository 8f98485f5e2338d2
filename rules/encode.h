/* SPDX-License-Identifier: Apache-2.0 */
/* encode — what `wide`, `base64` and their kin make of a rule's string. Pure.
 *
 * base64offset: the text may begin at any of three places of a base64 group. For the place i it is
 * encoded behind i bytes, and the characters that depend on a neighbour are cut:
 *
 *   start 0, 2, 3 characters for i = 0, 1, 2;   end 0, 3, 2 for (bytes + i) % 3 = 0, 1, 2
 *
 * Each is an item_transform (rules/item.h): false when the pattern holds a wildcard.
 */
#pragma once
#include "rules/item.h"

item_transform encode_wide_le;
item_transform encode_wide_be;
item_transform encode_wide_bom; /* two: the mark as UTF-16 has it, and as the reference writes it */
item_transform encode_base64;
item_transform encode_base64_offset;
item_transform encode_windash;
