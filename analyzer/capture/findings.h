// A claim with its proof: the finding as it is reported.
#pragma once

#include "analyzer/capture/claim.h"
#include "analyzer/capture/scene.h"
#include "analyzer/finding/finding.h"

namespace gordian::capture {

finding::Finding finding_of(const Claim& claim, const Scene& scene);

}  // namespace gordian::capture
