// What latent/wrapper_library is linked with: locks behind a library's own functions.
#pragma once

struct Lock;

struct Lock* lock_new(void);
void lock_take(struct Lock* lock);
void lock_give(struct Lock* lock);
