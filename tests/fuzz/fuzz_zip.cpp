// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/torch_file.h"
#include "core/clip/zip_archive.h"
#include "tests/fuzz/read_tensors.h"

#include <cstdint>

using namespace yingxun::clip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const auto archive = ZipArchive::open(bytes)) {
        for (const ZipRecord &record : archive->records())
            static_cast<void>(checkIntact(record)); // Reads all of it.
    }
    if (const auto file = TorchFile::read(bytes))
        readAll(file->tensors());
    return 0;
}
