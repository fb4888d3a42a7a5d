/* settings.h - the configuration that a subcommand works with. */
#pragma once
#include "base/conf.h"

/* Reads `path`; NULL is moongate.lua where we stand, or all defaults when there
 * is none. Owned by the caller. NULL after saying on stderr what is wrong: the
 * exit code is then CMD_CONFIG. */
struct conf *settings_read(const char *path);
