// An inversion in English: the summary, a sentence for each of the four conditions, and why the grade is what
// it is.
//
// Promises: every sentence names threads and locks; none claims more than the verdict says. Decides nothing.
#pragma once

#include <string>

#include "analyzer/capture/order_scene.h"
#include "analyzer/finding/finding.h"
#include "analyzer/verdict/inversion.h"

namespace gordian::capture {

// `"worker-1" takes a and then b, "worker-2" takes b and then a.`
std::string summary(const verdict::Inversion& inversion, const OrderScene& scene);

finding::FourConditions conditions(const verdict::Inversion& inversion, const OrderScene& scene);

std::string grade_reason(const verdict::Inversion& inversion, const OrderScene& scene);

}  // namespace gordian::capture
