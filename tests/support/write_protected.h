// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace yingxun::test {

/// While it lives, everybody may read a directory and all below it, and nobody but root may write there.
class WriteProtected
{
public:
    explicit WriteProtected(std::filesystem::path directory) : m_directory(std::move(directory))
    {
        setModes(0555, 0444);
    }
    WriteProtected(const WriteProtected &) = delete;
    WriteProtected &operator=(const WriteProtected &) = delete;
    ~WriteProtected() { setModes(0755, 0644); }

private:
    void setModes(mode_t directories, mode_t files) const
    {
        ::chmod(m_directory.c_str(), 0755); // So that it can be walked.
        std::vector<std::filesystem::path> inner;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(m_directory)) {
            if (entry.is_directory())
                inner.push_back(entry.path());
            else
                ::chmod(entry.path().c_str(), files);
        }
        inner.push_back(m_directory);
        for (const auto &directory : inner)
            ::chmod(directory.c_str(), directories);
    }

    std::filesystem::path m_directory;
};

/// While it lives, this process is not root's, whom permissions do not bind.
class NotRoot
{
public:
    NotRoot() : m_dropped(::geteuid() == 0 && ::seteuid(kNobody) == 0) {}
    NotRoot(const NotRoot &) = delete;
    NotRoot &operator=(const NotRoot &) = delete;
    ~NotRoot()
    {
        if (m_dropped && ::seteuid(0) != 0)
            ::_exit(99);
    }

    static constexpr uid_t kNobody = 65534;

private:
    bool m_dropped;
};

} // namespace yingxun::test
