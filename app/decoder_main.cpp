// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/decoder_child.h"

#include <cstdio>
#include <cstdlib>
#include <sys/prctl.h>

/// yingxun-decoder: decodes pictures for yingxun, which starts it and talks to it by an inherited socket.
int main(int argc, char **argv)
{
    const unsigned long long memory = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : 0;
    if (memory == 0) {
        std::fputs("yingxun-decoder is started by yingxun itself.\n", stderr);
        return 2;
    }
    ::prctl(PR_SET_NAME, "yingxun-decoder"); // It was started by a descriptor, which has no name.
    return yingxun::media::serveAsDecoder(yingxun::media::kDecoderSocket, memory);
}
