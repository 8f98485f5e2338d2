/* SPDX-License-Identifier: Apache-2.0 */
/* Linked so that its call frame information sits on the page after its code: see `nested`. */
void call_back(int (*function)(void));

__attribute__((aligned(4096))) void call_back(int (*function)(void))
{
    volatile char room[200];
    room[0] = (char)function();
    room[1] = room[0];
}
