/* err.c - what an mg_err means, in words. */
#include "abi/mg.h"

uint32_t mg_abi(void)
{
	return MG_ABI;
}

const char *mg_strerror(int err)
{
	switch (err) {
	case MG_EINVAL:
		return "a contract was broken";
	case MG_ETOOBIG:
		return "a limit was reached";
	case MG_EPROTO:
		return "the peer broke the protocol";
	case MG_EIO:
		return "the system failed";
	case MG_ESTOP:
		return "a policy stopped it";
	case MG_EAGAIN:
		return "nothing yet";
	}
	return err >= 0 ? "no error" : "unknown error";
}
