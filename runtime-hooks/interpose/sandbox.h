// Called before the system call itself, by whatever way it is made.
#pragma once

namespace gordian::hooks {

void before_seccomp(long operation, const void* program);
void before_prctl(long option, long mode, const void* program);

}  // namespace gordian::hooks
