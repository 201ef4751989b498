// Which abstract acquires can be part of a cycle at all: those that want a lock which, through other
// acquires, leads back to one that they hold. The rest, nearly all in most traces, need not be searched.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/predict/abstract_acquires.h"

namespace gordian::predict {

// Indices in AbstractAcquires::acquires, in order.
std::vector<uint32_t> acquires_in_cycles(const AbstractAcquires& abstract);

}  // namespace gordian::predict
