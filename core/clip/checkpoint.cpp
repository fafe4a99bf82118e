// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/checkpoint.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

namespace yingxun::clip {
namespace {

// Of DistributedDataParallel, and of ModelScope's pipeline. In this order: the first wraps the second.
constexpr std::array<std::string_view, 2> kPrefixes{"module.", "clip_model."};

/// A safetensors file has its header's first character as its ninth byte; nothing that torch.save writes has.
Result<bool> isSafetensors(const std::filesystem::path &path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return fail(std::filesystem::exists(path, error) ? ErrorCode::Unsupported : ErrorCode::NotFound,
                    path.string() +
                        (std::filesystem::exists(path, error) ? " is no regular file" : " does not exist"));
    std::ifstream file(path, std::ios::binary);
    std::array<char, 9> start{};
    if (!file)
        return fail(ErrorCode::Io, path.string() + " cannot be read");
    file.read(start.data(), start.size());
    constexpr std::string_view kPointer = "version h"; // “version https://git-lfs…”
    if (std::string_view(start.data(), start.size()) == kPointer)
        return fail(ErrorCode::CorruptData, path.string() + " is only a pointer of Git LFS, not the file "
                                                            "itself; fetch it with “git lfs pull”");
    constexpr std::string_view kZip = "PK";
    constexpr char kPickle = '\x80';
    return std::string_view(start.data(), 2) != kZip && (start[0] != kPickle || start[8] == '{');
}

} // namespace

Result<Checkpoint> Checkpoint::open(const std::filesystem::path &path)
{
    Checkpoint checkpoint;
    checkpoint.m_path = path;
    const auto safetensors = isSafetensors(path);
    if (!safetensors)
        return safetensors.propagate();
    if (*safetensors) {
        auto file = TensorFile::open(path);
        if (!file)
            return file.propagate();
        checkpoint.m_tensors = file->tensors();
        checkpoint.m_file = *std::move(file);
    } else {
        auto file = TorchFile::open(path);
        if (!file)
            return file.propagate();
        checkpoint.m_tensors = file->tensors();
        checkpoint.m_file = *std::move(file);
    }
    for (std::size_t i = 0; i < checkpoint.m_tensors.size(); ++i) {
        std::string &name = checkpoint.m_tensors[i].name;
        for (const std::string_view prefix : kPrefixes) {
            if (name.starts_with(prefix))
                name.erase(0, prefix.size());
        }
        if (!checkpoint.m_byName.emplace(name, i).second)
            return fail(ErrorCode::CorruptData,
                        path.string() + ": tensor " + name + " is there with a prefix and without");
    }
    return checkpoint;
}

const TensorView *Checkpoint::find(std::string_view name) const
{
    const auto found = m_byName.find(std::string(name));
    return found == m_byName.end() ? nullptr : &m_tensors[found->second];
}

std::int64_t Checkpoint::numbersBeyondHalf() const
{
    std::int64_t count = 0;
    for (const TensorView &tensor : m_tensors) {
        if (tensor.dtype != DType::F16)
            count += static_cast<std::int64_t>(tensor.bytes / sizeOf(tensor.dtype));
    }
    return count;
}

std::string Checkpoint::metadata(const std::string &key) const
{
    const auto *file = std::get_if<TensorFile>(&m_file);
    const auto found =
        file == nullptr ? std::map<std::string, std::string>::const_iterator() : file->metadata().find(key);
    return file == nullptr || found == file->metadata().end() ? std::string() : found->second;
}

void Checkpoint::forget(const TensorView &tensor) const
{
    const auto *torch = std::get_if<TorchFile>(&m_file);
    const MappedFile &file = torch == nullptr ? std::get<TensorFile>(m_file).file() : torch->file();
    file.forget({tensor.data, tensor.bytes});
}

Result<void> Checkpoint::verify(const std::stop_token &stop) const
{
    const auto *file = std::get_if<TorchFile>(&m_file);
    if (file == nullptr)
        return {};
    const auto intact = file->verify(stop);
    return intact ? intact : fail(intact.error().code, m_path.string() + ": " + intact.error().message);
}

} // namespace yingxun::clip
