/* test_safe.c - small private files: whole or not at all. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"
#include "certs/safe.h"

static char dir[64], path[128];

static void set_up(void)
{
	strcpy(dir, "/tmp/mg-safe-XXXXXX");
	if (!mkdtemp(dir))
		abort();
	snprintf(path, sizeof(path), "%s/file", dir);
}

static void what_fits_is_read_and_what_does_not_is_an_error(void)
{
	static const size_t sizes[] = { 0, 1, 100, 16383, 16384, 16385, 40000 };
	static char bytes[40000];

	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t n = sizes[i];
		struct buf b;
		OK(safe_replace(path, slice(bytes, n), 0600) == 0);
		for (int spare = -1; spare < 2; spare++) {
			if (n == 0 && spare < 0)
				continue;
			buf_init(&b, n + (size_t)spare);
			OK(safe_read(path, &b) ==
			   (spare < 0 ? MG_ETOOBIG : MG_OK));
			OK(spare < 0 || buf_len(&b) == n);
			buf_deinit(&b);
		}
	}
	unlink(path);
}

static void modes_are_exact_and_nothing_is_left_beside(void)
{
	struct stat st;
	struct buf b;

	umask(0);
	OK(safe_create(path, slice_str("key"), 0600) == 0);
	OK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	OK(safe_create(path, slice_str("other"), 0600) == MG_EIO &&
	   errno == EEXIST);
	umask(0777);
	OK(safe_replace(path, slice_str("new"), 0640) == 0);
	umask(022);
	OK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0640);
	buf_init(&b, 10);
	OK(safe_read(path, &b) == 0 && slice_is(buf_slice(&b), "new"));
	buf_deinit(&b);
	unlink(path);
	OK(rmdir(dir) == 0 && safe_make_dir(dir) == 0);
}

static void a_directory_is_made_with_all_above_it(void)
{
	char deep[200];
	struct stat st;

	snprintf(deep, sizeof(deep), "%s/a/b/c", dir);
	OK(safe_make_dir(deep) == 0 && safe_make_dir(deep) == 0);
	OK(stat(deep, &st) == 0 && (st.st_mode & 07777) == 0700);
	snprintf(path, sizeof(path), "%s/a/file", dir);
	OK(safe_create(path, slice_str(""), 0600) == 0);
	strcat(path, "/x");
	OK(safe_make_dir(path) == MG_EIO);
	OK(safe_read(path, &(struct buf){ .max = 9 }) == MG_EIO);
}

int main(void)
{
	char line[128];

	set_up();
	RUN(what_fits_is_read_and_what_does_not_is_an_error);
	RUN(modes_are_exact_and_nothing_is_left_beside);
	RUN(a_directory_is_made_with_all_above_it);
	snprintf(line, sizeof(line), "rm -rf %s", dir);
	OK(system(line) == 0);
	return test_done();
}
