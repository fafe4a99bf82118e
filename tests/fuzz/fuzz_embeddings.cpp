// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/embedding_store.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace yingxun;
using vectors::EmbeddingStore;

namespace {

constexpr int kDimension = 1; // Rows as short as there are.
const std::string kModel = "model";

/// A directory for this process, gone with it.
class Directory
{
public:
    Directory()
    {
        std::string name = (std::filesystem::temp_directory_path() / "fuzz-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            std::abort();
        m_path = name;
    }
    ~Directory() { std::filesystem::remove_all(m_path); }
    Directory(const Directory &) = delete;
    Directory &operator=(const Directory &) = delete;

    const std::filesystem::path &path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// The contents in the order of their rows.
std::vector<ContentHash> contentsOf(const EmbeddingStore &store)
{
    const auto rows = store.scores(std::vector<float>(kDimension, 1.0F), nullptr, 1);
    if (!rows || static_cast<std::int64_t>(rows->size()) != store.count())
        std::abort();
    std::vector<ContentHash> contents;
    for (const vectors::Hit &row : *rows) {
        if (!store.contains(row.content) || !std::isfinite(row.score) ||
            store.find(row.content).size() != kDimension)
            std::abort();
        contents.push_back(row.content);
    }
    return contents;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Directory directory;
    const auto file = directory.path() / (kModel + ".f16");
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));

    std::vector<ContentHash> contents;
    {
        auto store = EmbeddingStore::open(directory.path(), kModel, kDimension);
        if (!store)
            return 0;
        contents = contentsOf(*store);
        ContentHash added; // Never stored yet: a hash that none of the rows has.
        while (store->contains(added))
            ++added.bytes.back();
        if (!store->append(std::vector{added}, {{0.5F}, 1, kDimension}))
            std::abort();
        contents.push_back(added);
        if (contentsOf(*store) != contents)
            std::abort();
    }
    // All that was found is found again, and what was added after it.
    const auto reopened = EmbeddingStore::open(directory.path(), kModel, kDimension);
    if (!reopened || contentsOf(*reopened) != contents)
        std::abort();
    return 0;
}
