// Two locks and those who take them, over three units.
#pragma once
#include <mutex>

extern std::mutex cache_mutex;
extern std::mutex disk_mutex;

void flush_cache();
void read_disk();
void touch_cache();
