// An inversion with its proof: the finding as it is reported.
#pragma once

#include <string>

#include "analyzer/capture/order_scene.h"
#include "analyzer/finding/finding.h"
#include "analyzer/verdict/inversion.h"

namespace gordian::capture {

// Everything but the fingerprint and the number of occurrences.
finding::Finding finding_of(const verdict::Inversion& inversion, const OrderScene& scene);

}  // namespace gordian::capture
