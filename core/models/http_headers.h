// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <string>

/// What the headers of HTTP answers say about a file.
namespace yingxun::models {

enum HttpStatus {
    Ok = 200,
    PartialContent = 206,
    FirstRedirect = 300,
    NotModified = 304,
    FirstError = 400,
    Unauthorized = 401,
    Forbidden = 403,
    RequestTimeout = 408,
    RangeNotSatisfiable = 416,
    TooEarly = 425,
    TooManyRequests = 429,
    FirstServerError = 500,
};

/// Whether an error may be gone when one asks again.
bool isPassing(int status);

/// Content-Range.
struct ContentRange {
    std::int64_t first = -1; ///< -1: nothing was sent.
    std::int64_t whole = -1; ///< -1: not known.
};
ContentRange contentRange(const QByteArray &header);

/// An ETag that identifies every byte, with its quotes; empty when it is a weak one.
std::string strongEtag(const QByteArray &header);

/// What Hugging Face and its mirrors say of a large file before they redirect to where it is stored.
struct LinkedFile {
    std::string sha256;      ///< Empty: not said.
    std::int64_t bytes = -1; ///< -1: not said.
};
LinkedFile linkedFile(const QByteArray &etag, const QByteArray &size);

} // namespace yingxun::models
