#ifndef PYLON_CZLIB_SHIM_H
#define PYLON_CZLIB_SHIM_H

#include <zlib.h>

// inflateInit2 is a macro that Swift does not see. 15 + 16: the largest window, with a header of gzip (RFC 1952).
static inline int pylon_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

#endif
