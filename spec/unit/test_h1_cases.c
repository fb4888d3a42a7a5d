/* test_h1_cases.c - what the HTTP/1.1 reader takes and what it refuses.
 *
 * The refused ones are the ways in which two implementations are known to read
 * one message as two, or two as one.
 */
#include "h1_run.h"
#include "test.h"

#define REQ "POST /v1/x HTTP/1.1\r\nHost: a.example\r\n"
#define OKR "HTTP/1.1 200 OK\r\n"

struct row {
	const char *name;
	int status; /* 0: accepted, else the answer's */
	struct mg_slice bytes;
};

#define S(s)                                                                   \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}
#define TE      "Transfer-Encoding: "
#define CL      "Content-Length: "
#define CHUNKED REQ TE "chunked\r\n\r\n"

static const struct row requests[] = {
	/* accepted */
	{ "plain get", 0, S("GET / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "1.0 without host", 0, S("GET / HTTP/1.0\r\n\r\n") },
	{ "no reason to fear a query", 0,
	  S("GET /a?b={c}|d HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "length", 0, S(REQ CL "3\r\n\r\nabc") },
	{ "length without space", 0, S(REQ "Content-Length:3\r\n\r\nabc") },
	{ "length zero", 0, S(REQ CL "0\r\n\r\n") },
	{ "chunked", 0, S(CHUNKED "3\r\nabc\r\n0\r\n\r\n") },
	{ "Chunked", 0,
	  S(REQ "transfer-encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") },
	{ "chunk zeros", 0, S(CHUNKED "0003\r\nabc\r\n000\r\n\r\n") },
	{ "chunk extension", 0,
	  S(CHUNKED "3;a=b;c;d=\"e f\"\r\nabc\r\n0\r\n\r\n") },
	{ "trailers", 0,
	  S(CHUNKED "1\r\na\r\n0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n") },
	{ "blank line in front", 0, S("\r\n" REQ CL "1\r\n\r\na") },
	{ "obs-text in a value", 0, S(REQ "X: \xc3\xa9\r\n\r\n") },
	{ "empty value", 0, S(REQ "X:\r\nY: \r\n\r\n") },
	{ "tab in a value", 0, S(REQ "X: a\tb\r\n\r\n") },
	{ "spaces behind a value", 0, S(REQ "X: a  \r\n\r\n") },
	{ "absolute form", 0,
	  S("GET http://a.example/x HTTP/1.1\r\nHost: a.example\r\n\r\n") },
	{ "absolute form, usual port", 0,
	  S("GET http://a/x HTTP/1.1\r\nHost: A:80\r\n\r\n") },
	{ "absolute form, no path", 0,
	  S("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "options star", 0, S("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "connect", 0,
	  S("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n") },
	{ "connect, host without port", 0,
	  S("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n") },
	{ "connect v6", 0,
	  S("CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n") },
	{ "connect 1.0", 0, S("CONNECT a.example:443 HTTP/1.0\r\n\r\n") },
	{ "connect, length zero", 0,
	  S("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: "
	    "0\r\n\r\n") },
	{ "expect", 0,
	  S(REQ "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na") },
	{ "upgrade", 0,
	  S(REQ "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n") },
	{ "upgrade with a body", 0,
	  S(REQ "Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: "
		"2\r\n\r\nab") },
	{ "upgrade, chunked, trailers", 0,
	  S(REQ "Connection: upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: "
		"chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n") },

	/* framing */
	{ "CL and TE", 400,
	  S(REQ CL "3\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "TE and CL", 400, S(REQ TE "chunked\r\nContent-Length: 3\r\n\r\n") },
	{ "TE tab before", 501, S(REQ "Transfer-Encoding:\tchunked\r\n\r\n") },
	{ "TE tab behind", 501, S(REQ TE "chunked\t\r\n\r\n") },
	{ "TE space behind", 501, S(REQ TE "chunked \r\n\r\n") },
	{ "TE two spaces", 501, S(REQ TE " chunked\r\n\r\n") },
	{ "TE xchunked", 501, S(REQ TE "xchunked\r\n\r\n") },
	{ "TE chunkedx", 501, S(REQ TE "chunkedx\r\n\r\n") },
	{ "TE quoted", 501, S(REQ TE "\"chunked\"\r\n\r\n") },
	{ "TE list", 501, S(REQ TE "gzip, chunked\r\n\r\n") },
	{ "TE chunked first", 400, S(REQ TE "chunked, gzip\r\n\r\n") },
	{ "TE identity", 501, S(REQ TE "identity\r\n\r\n") },
	{ "TE chunked, identity", 400, S(REQ TE "chunked, identity\r\n\r\n") },
	{ "TE comma", 501, S(REQ TE ",chunked\r\n\r\n") },
	{ "TE empty", 501, S(REQ "Transfer-Encoding:\r\n\r\n") },
	{ "TE parameter", 501, S(REQ TE "chunked;q=1\r\n\r\n") },
	{ "TE twice", 400,
	  S(REQ TE "chunked\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "TE and TE", 400,
	  S(REQ TE "chunked\r\nTransfer-encoding: x\r\n\r\n") },
	{ "TE in 1.0", 400,
	  S("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: "
	    "chunked\r\n\r\n") },
	{ "TE vertical tab", 400, S(REQ TE "\vchunked\r\n\r\n") },
	{ "TE space before colon", 400,
	  S(REQ "Transfer-Encoding : chunked\r\n\r\n") },
	{ "TE tab before colon", 400,
	  S(REQ "Transfer-Encoding\t: chunked\r\n\r\n") },
	{ "TE behind bare CR", 400,
	  S(REQ "X: y\rTransfer-Encoding: chunked\r\n\r\n") },
	{ "TE behind bare LF", 400,
	  S(REQ "X: y\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "TE folded", 400, S(REQ "Transfer-Encoding:\r\n chunked\r\n\r\n") },
	{ "TE underscore", 0, S(REQ "Transfer_Encoding: chunked\r\n\r\n") },
	{ "CL twice alike", 400,
	  S(REQ CL "3\r\nContent-Length: 3\r\n\r\nabc") },
	{ "CL twice", 400, S(REQ CL "3\r\nContent-Length: 4\r\n\r\nabc") },
	{ "CL list", 400, S(REQ CL "3, 3\r\n\r\nabc") },
	{ "CL plus", 400, S(REQ CL "+3\r\n\r\nabc") },
	{ "CL minus", 400, S(REQ CL "-3\r\n\r\nabc") },
	{ "CL hex", 400, S(REQ CL "0x3\r\n\r\nabc") },
	{ "CL empty", 400, S(REQ "Content-Length:\r\n\r\n") },
	{ "CL leading zero", 400, S(REQ CL "03\r\n\r\nabc") },
	{ "CL spaced", 400, S(REQ CL "3 3\r\n\r\nabc") },
	{ "CL tab", 400, S(REQ "Content-Length:\t3\r\n\r\nabc") },
	{ "CL tab behind", 400, S(REQ CL "3\t\r\n\r\nabc") },
	{ "CL space behind", 400, S(REQ CL "3 \r\n\r\nabc") },
	{ "CL huge", 400, S(REQ CL "18446744073709551617\r\n\r\n") },
	{ "CL over int64", 400, S(REQ CL "9223372036854775808\r\n\r\n") },
	{ "CL float", 400, S(REQ CL "3.0\r\n\r\n") },

	/* chunks */
	{ "chunk without size", 400, S(CHUNKED "\r\nabc") },
	{ "chunk minus", 400, S(CHUNKED "-3\r\nabc\r\n0\r\n\r\n") },
	{ "chunk plus", 400, S(CHUNKED "+3\r\nabc\r\n0\r\n\r\n") },
	{ "chunk 0x", 400, S(CHUNKED "0x3\r\nabc\r\n0\r\n\r\n") },
	{ "chunk space", 400, S(CHUNKED "3 \r\nabc\r\n0\r\n\r\n") },
	{ "chunk leading space", 400, S(CHUNKED " 3\r\nabc\r\n0\r\n\r\n") },
	{ "chunk tab", 400, S(CHUNKED "3\t\r\nabc\r\n0\r\n\r\n") },
	{ "chunk bare LF", 400, S(CHUNKED "3\nabc\r\n0\r\n\r\n") },
	{ "chunk byte for CR", 400, S(CHUNKED "3x\nabc\r\n0\r\n\r\n") },
	{ "chunk CR CR LF", 400, S(CHUNKED "3\r\r\nabc\r\n0\r\n\r\n") },
	{ "chunk overflow", 400,
	  S(CHUNKED "10000000000000003\r\nabc\r\n0\r\n\r\n") },
	{ "chunk 16 digits", 400,
	  S(CHUNKED "ffffffffffffffff\r\nabc\r\n0\r\n\r\n") },
	{ "chunk too long", 400, S(CHUNKED "3\r\nabcd\r\n0\r\n\r\n") },
	{ "chunk ends in LF", 400, S(CHUNKED "3\r\nabc\n0\r\n\r\n") },
	{ "chunk ends in CR", 400, S(CHUNKED "3\r\nabc\rx0\r\n\r\n") },
	{ "extension with bare LF", 400,
	  S(CHUNKED "3;\nx\r\nabc\r\n0\r\n\r\n") },
	{ "extension with CR", 400, S(CHUNKED "3;a\rb\r\nabc\r\n0\r\n\r\n") },
	{ "extension empty", 400, S(CHUNKED "3;\r\nabc\r\n0\r\n\r\n") },
	{ "extension no value", 400, S(CHUNKED "3;a=\r\nabc\r\n0\r\n\r\n") },
	{ "extension open quote", 400,
	  S(CHUNKED "3;a=\"\r\nabc\r\n0\r\n\r\n") },
	{ "extension spaced", 400, S(CHUNKED "3 ;a=b\r\nabc\r\n0\r\n\r\n") },
	{ "extension garbage", 400, S(CHUNKED "3 abc\r\nabc\r\n0\r\n\r\n") },
	{ "last chunk garbage", 400, S(CHUNKED "0 x\r\n\r\n") },

	/* trailers */
	{ "trailer CL", 400, S(CHUNKED "0\r\nContent-Length: 5\r\n\r\n") },
	{ "trailer TE", 400, S(CHUNKED "0\r\nTransfer-Encoding: x\r\n\r\n") },
	{ "trailer host", 400, S(CHUNKED "0\r\nhOST: b\r\n\r\n") },
	{ "trailer cookie", 400, S(CHUNKED "0\r\nCookie: b\r\n\r\n") },
	{ "trailer authorization", 400,
	  S(CHUNKED "0\r\nAuthorization: b\r\n\r\n") },
	{ "trailer proxy", 400, S(CHUNKED "0\r\nProxy-X: b\r\n\r\n") },
	{ "trailer bare LF", 400, S(CHUNKED "0\r\nX: a\n\r\n") },
	{ "trailer bare CR", 400, S(CHUNKED "0\r\nX: a\rb\r\n\r\n") },
	{ "trailer folded", 400, S(CHUNKED "0\r\nX: a\r\n b\r\n\r\n") },
	{ "trailer without name", 400, S(CHUNKED "0\r\n: a\r\n\r\n") },
	{ "trailer space before colon", 400, S(CHUNKED "0\r\nX : a\r\n\r\n") },
	{ "trailer is a request", 400,
	  S(CHUNKED "0\r\nGET / HTTP/1.1\r\n\r\n") },

	/* lines and bytes */
	{ "bare LF", 400, S("GET / HTTP/1.1\nHost: a\n\n") },
	{ "one bare LF", 400, S("GET / HTTP/1.1\r\nHost: a\n\r\n") },
	{ "LF at the end", 400, S("GET / HTTP/1.1\r\nHost: a\r\n\n") },
	{ "bare CR", 400, S("GET / HTTP/1.1\rHost: a\r\n\r\n") },
	{ "CR in a value", 400, S(REQ "X: a\rb\r\n\r\n") },
	{ "CR CR LF", 400, S(REQ "X: a\r\r\n\r\n") },
	{ "obs-fold", 400, S(REQ "X: a\r\n b\r\n\r\n") },
	{ "obs-fold tab", 400, S(REQ "X: a\r\n\tb\r\n\r\n") },
	{ "fold before the first field", 400,
	  S("GET / HTTP/1.1\r\n Host: a\r\n\r\n") },
	{ "space before colon", 400, S(REQ "X : a\r\n\r\n") },
	{ "no colon", 400, S(REQ "X\r\n\r\n") },
	{ "empty name", 400, S(REQ ": a\r\n\r\n") },
	{ "name with space", 400, S(REQ "X Y: a\r\n\r\n") },
	{ "name with quote", 400, S(REQ "X\"Y: a\r\n\r\n") },
	{ "name with obs-text", 400, S(REQ "X\xc3\xa9: a\r\n\r\n") },
	{ "NUL in a value", 400, S(REQ "X: a\0b\r\n\r\n") },
	{ "NUL in a name", 400, S(REQ "X\0: ab\r\n\r\n") },
	{ "NUL in the target", 400, S("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "DEL in a value", 400, S(REQ "X: a\x7f\r\n\r\n") },
	{ "BEL in a value", 400, S(REQ "X: a\a\r\n\r\n") },
	{ "two blank lines in front", 400, S("\r\n\r\n" REQ "\r\n") },
	{ "LF in front", 400, S("\n" REQ "\r\n") },
	{ "space in front", 400, S(" " REQ "\r\n") },
	{ "TLS", 400, S("\x16\x03\x01\x02") },

	/* start line */
	{ "bad method", 400, S("G@T / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "unknown method", 501, S("BREW / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "small method", 501, S("get / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "h2 preface", 505, S("PRI * HTTP/2.0\r\n\r\n") },
	{ "two spaces", 400, S("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "tab for space", 400, S("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "space behind", 400, S("GET / HTTP/1.1 \r\nHost: a\r\n\r\n") },
	{ "target with space", 400, S("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "target with control", 400,
	  S("GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "target with obs-text", 400,
	  S("GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "target with fragment", 400,
	  S("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "target of no form", 400, S("GET a HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "star for get", 400, S("GET * HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "unknown scheme", 400,
	  S("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "user name in target", 400,
	  S("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "no target", 400, S("GET HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "0.9", 400, S("GET /\r\n\r\n") },
	{ "version 0.9", 505, S("GET / HTTP/0.9\r\nHost: a\r\n\r\n") },
	{ "version 2.0", 505, S("GET / HTTP/2.0\r\nHost: a\r\n\r\n") },
	{ "version 1.2", 505, S("GET / HTTP/1.2\r\nHost: a\r\n\r\n") },
	{ "version 1.10", 400, S("GET / HTTP/1.10\r\nHost: a\r\n\r\n") },
	{ "version small", 400, S("GET / http/1.1\r\nHost: a\r\n\r\n") },
	{ "other protocol", 400, S("GET / RTSP/1.1\r\nHost: a\r\n\r\n") },

	/* identity */
	{ "no host", 400, S("GET / HTTP/1.1\r\n\r\n") },
	{ "two hosts", 400, S("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") },
	{ "two hosts apart", 400,
	  S("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhost: b\r\n\r\n") },
	{ "empty host", 400, S("GET / HTTP/1.1\r\nHost:\r\n\r\n") },
	{ "host list", 400, S("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n") },
	{ "host with path", 400, S("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") },
	{ "host with user", 400, S("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n") },
	{ "host and absolute form", 400,
	  S("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n") },
	{ "host port and absolute form", 400,
	  S("GET http://a/ HTTP/1.1\r\nHost: a:81\r\n\r\n") },
	{ "connect and host", 400,
	  S("CONNECT a:443 HTTP/1.1\r\nHost: b:443\r\n\r\n") },
	{ "connect and port", 400,
	  S("CONNECT a:443 HTTP/1.1\r\nHost: a:80\r\n\r\n") },
	{ "connect without port", 400,
	  S("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "connect path", 400, S("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "connect URL", 400,
	  S("CONNECT http://a:443 HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "connect length", 400,
	  S("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: "
	    "2\r\n\r\nab") },
	{ "connect chunked", 400,
	  S("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nTransfer-Encoding: "
	    "chunked\r\n\r\n") },
	{ "two types", 400,
	  S(REQ "Content-Type: application/json\r\nContent-type: "
		"text/plain\r\n\r\n") },
	{ "expect more", 417, S(REQ "Expect: 200-ok\r\n\r\n") },
	{ "expect twice", 417,
	  S(REQ "Expect: 100-continue\r\nExpect: x\r\n\r\n") },
};

static const struct row replies[] = {
	{ "length", 0, S(OKR CL "2\r\n\r\nab") },
	{ "no reason", 0, S("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n") },
	{ "empty reason", 0, S("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n") },
	{ "chunked", 0, S(OKR TE "chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n") },
	{ "trailers", 0,
	  S(OKR TE "chunked\r\n\r\n2\r\nab\r\n0\r\nX: 1\r\n\r\n") },
	{ "204", 0, S("HTTP/1.1 204 No Content\r\n\r\n") },
	{ "204, length zero", 0,
	  S("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n") },
	{ "304, length", 0,
	  S("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n") },
	{ "100 first", 0,
	  S("HTTP/1.1 100 Continue\r\n\r\n" OKR CL "1\r\n\r\na") },
	{ "103 twice", 0,
	  S("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 103 Early "
	    "Hints\r\n\r\n" OKR CL "1\r\n\r\na") },
	{ "101", 0,
	  S("HTTP/1.1 101 Switching Protocols\r\nConnection: "
	    "upgrade\r\nUpgrade: websocket\r\n\r\n") },
	{ "no field", 0, S("HTTP/1.1 204 x\r\n\r\n") },
	{ "redirect without length", 0,
	  S("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\r\n\r\n") },

	{ "CL and TE", 400,
	  S(OKR CL "2\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "TE list", 400, S(OKR TE "gzip, chunked\r\n\r\n") },
	{ "TE in 1.0", 400,
	  S("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "CL twice", 400, S(OKR CL "2\r\nContent-Length: 2\r\n\r\nab") },
	{ "CL on 204", 400, S("HTTP/1.1 204 x\r\nContent-Length: 2\r\n\r\n") },
	{ "TE on 204", 400,
	  S("HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "CL on 100", 400, S("HTTP/1.1 100 x\r\nContent-Length: 2\r\n\r\n") },
	{ "TE on 101", 400,
	  S("HTTP/1.1 101 x\r\nTransfer-Encoding: chunked\r\n\r\n") },
	{ "status 99", 400, S("HTTP/1.1 099 x\r\n\r\n") },
	{ "status 1000", 400, S("HTTP/1.1 1000 x\r\n\r\n") },
	{ "status 600", 400, S("HTTP/1.1 600 x\r\n\r\n") },
	{ "status +20", 400, S("HTTP/1.1 +20 x\r\n\r\n") },
	{ "two spaces", 400, S("HTTP/1.1  200 x\r\n\r\n") },
	{ "version 2", 505, S("HTTP/2.0 200 x\r\n\r\n") },
	{ "no version", 400, S("200 OK\r\n\r\n") },
	{ "bare LF", 400, S("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n") },
	{ "blank line in front", 400, S("\r\nHTTP/1.1 200 OK\r\n\r\n") },
	{ "CR in reason", 400, S("HTTP/1.1 200 O\rK\r\n\r\n") },
	{ "status 0200", 400, S("HTTP/1.1 0200 x\r\n\r\n") },
	{ "BEL in reason", 400, S("HTTP/1.1 200 O\aK\r\n\r\n") },
	{ "DEL in reason", 400,
	  S("HTTP/1.1 200 O\x7f"
	    "K\r\n\r\n") },
	{ "NUL in reason", 400, S("HTTP/1.1 200 O\0K\r\n\r\n") },
	{ "fold", 400, S(OKR "X: a\r\n b\r\n\r\n") },
};

static bool is_as_expected(const struct row *row, const struct run *run)
{
	if (!row->status)
		return run->err == 0 && h1_reader_is_done(&run->r) &&
		       run->used == row->bytes.len && run->notes.ends == 1;
	return run->err < 0 && run->r.status == row->status && run->r.why &&
	       run->notes.ends == 0;
}

/* One line of TAP a row: whole, byte by byte, and both alike. */
static void check_row(const struct row *row, bool is_reply)
{
	struct run whole, bytes;

	run_init(&whole, is_reply);
	run_init(&bytes, is_reply);
	feed_by(&whole, row->bytes, 1 << 20);
	feed_by(&bytes, row->bytes, 1);
	bool fine = is_as_expected(row, &whole) &&
		    is_as_expected(row, &bytes) &&
		    slice_same(buf_slice(&whole.notes.text),
			       buf_slice(&bytes.notes.text));
	printf("%sok %d - %s\n", fine ? "" : "not ", ++test_count, row->name);
	test_failed += !fine;
	if (!fine)
		printf("# whole: %d %d %s, bytes: %d %d %s\n", whole.err,
		       whole.r.status, whole.r.why ? whole.r.why : "-",
		       bytes.err, bytes.r.status,
		       bytes.r.why ? bytes.r.why : "-");
	run_deinit(&whole);
	run_deinit(&bytes);
}

static void requests_are_taken_or_refused(void)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		check_row(&requests[i], false);
}

static void replies_are_taken_or_refused(void)
{
	for (size_t i = 0; i < ARRAY_LEN(replies); i++)
		check_row(&replies[i], true);
}

int main(void)
{
	RUN(requests_are_taken_or_refused);
	RUN(replies_are_taken_or_refused);
	return test_done();
}
