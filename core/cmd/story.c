/* story.c - see story.h */
#include "cmd/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "event/tell.h"

enum { LINE_MAX_BYTES = 4 << 20 };

bool story_has_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return !(no && *no) && isatty(STDOUT_FILENO);
}

struct archive *story_open(const char *state)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/events.db", state);
	return archive_new(path);
}

struct filter *story_filter(const char *const *words, int count,
			    const char *option)
{
	char text[FILTER_TEXT_MAX + 2] = "", why[4 * FILTER_TEXT_MAX];
	size_t len = 0;

	for (int i = 0; i < count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					i ? " " : "", words[i]);
	struct filter *f = filter_new(option ? option : text, clock_now_us(),
				      why, sizeof(why));
	if (!f)
		fprintf(stderr, "%s\n", why);
	return f;
}

static int render(struct mg_slice packed, bool json, bool whole,
		  struct buf *out)
{
	struct event e;
	struct arena a;

	if (json)
		return event_json(packed, out);
	arena_init(&a);
	int err = event_unpack(&e, packed, &a);
	if (err == MG_OK && whole)
		err = tell_story(&e, story_has_colour(), out);
	else if (err == MG_OK)
		err = tell_line(&e, story_has_colour(), out);
	arena_deinit(&a);
	return err;
}

static int print(struct mg_slice packed, bool json, bool whole)
{
	struct buf out;

	buf_init(&out, LINE_MAX_BYTES);
	int err = render(packed, json, whole, &out);
	if (err == MG_OK && (json || !whole))
		err = buf_add_str(&out, "\n");
	if (err == MG_OK)
		fwrite(out.at + out.from, 1, buf_len(&out), stdout);
	else
		fprintf(stderr, "an event cannot be shown: %s\n",
			mg_strerror(err));
	buf_deinit(&out);
	return err;
}

void story_print(struct mg_slice packed, bool json)
{
	print(packed, json, false);
}

bool story_is_id(const char *text)
{
	size_t i = 0;

	for (; text[i]; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool hex = (text[i] >= '0' && text[i] <= '9') ||
			   (text[i] >= 'a' && text[i] <= 'f');
		if (i >= 36 || (dash ? text[i] != '-' : !hex))
			return false;
	}
	return i == 36;
}

int story_explain(const char *state, const char *id, bool json)
{
	struct archive *ar = story_open(state);
	struct archive_row row;

	if (!ar) {
		fprintf(stderr, "there is no event store in %s\n", state);
		return CMD_CANNOT;
	}
	int found = archive_get(ar, id, &row);
	if (found == 1 && print(row.packed, json, true) < 0)
		found = MG_EIO;
	archive_free(ar);
	if (found == 1)
		return CMD_OK;
	fprintf(stderr,
		found ? "the event store cannot be read\n"
		      : "there is no event %s\n",
		id);
	return found ? CMD_SOFTWARE : CMD_NEGATIVE;
}
