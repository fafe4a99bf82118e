# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what building Yingxun needs. Sourced by app/run.sh and tests/run.sh, which set ROOT.
# usage: install_packages [further Debian packages…]

YINGXUN_PACKAGES="g++ cmake ninja-build ccache pkg-config qt6-base-dev qt6-tools-dev qt6-tools-dev-tools
qt6-l10n-tools qt6-translations-l10n qt6-image-formats-plugins libgl1-mesa-dev libtorch-dev libopenblas0-openmp
libsqlite3-dev
libxxhash-dev libjpeg-dev libpng-dev zlib1g-dev libwebp-dev libgif-dev libtiff-dev libheif-dev libraw-dev liblcms2-dev
libopenjp2-7-dev libjxl-dev libavif-dev libexiv2-dev libseccomp-dev libarchive-dev libopencc-dev libopencv-core-dev libopencv-imgproc-dev libopencv-videoio-dev fonts-noto-cjk"

explain_other_systems() {
    cat >&2 <<'TEXT'
This is not a Debian or Ubuntu system. Please install by its own means, then run this again:
  a C++20 compiler (GCC 12 or Clang 15), CMake 3.22, Ninja, pkg-config, ccache
  Qt 6.4 or newer (Core, Gui, Network, Widgets, Test, LinguistTools), libtorch 1.13 or newer, OpenBLAS (OpenMP build)
  SQLite 3.38, xxHash 0.8, libjpeg-turbo, libpng, zlib, libwebp, giflib, libtiff, libheif, LibRaw, OpenJPEG 2.5, libjxl 0.7, libavif 0.11,
  Little CMS 2, Exiv2 0.27.5, libseccomp, libarchive, OpenCC 1.1 (with its data), OpenCV 4.5.2 or newer (core, imgproc, and videoio with FFmpeg)
  a font with Chinese characters (Noto Sans CJK)
Fedora:  sudo dnf install gcc-c++ cmake ninja-build ccache qt6-qtbase-devel qt6-qttools-devel qt6-qttranslations sqlite-devel \
  xxhash-devel libjpeg-turbo-devel libpng-devel zlib-devel libwebp-devel giflib-devel libtiff-devel libheif-devel \
  LibRaw-devel openjpeg2-devel libjxl-devel libavif-devel exiv2-devel libseccomp-devel lcms2-devel libarchive-devel opencc-devel opencv-devel openblas-openmp google-noto-sans-cjk-fonts
Arch:    sudo pacman -S base-devel cmake ninja ccache qt6-base qt6-tools qt6-translations python-pytorch sqlite xxhash \
  libjpeg-turbo libpng zlib libwebp giflib libtiff libheif libraw openjpeg2 libjxl libavif exiv2 libseccomp lcms2 libarchive opencc opencv openblas noto-fonts-cjk
libtorch: https://pytorch.org (the C++11 ABI build); name its folder with CMAKE_PREFIX_PATH.
TEXT
}

missing_packages() {
    for package in "$@"; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        if command -v cmake >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1; then
            return 0 # CMake says by name what else is missing.
        fi
        explain_other_systems
        exit 3
    fi
    # shellcheck disable=SC2086 # A list of words.
    missing=$(missing_packages $YINGXUN_PACKAGES "$@")
    [ -n "$missing" ] || return 0
    echo "Yingxun needs these packages: $missing" >&2
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Please install them as root: apt-get install $missing" >&2
            exit 3
        fi
        if [ "${YINGXUN_YES:-}" != 1 ]; then
            if [ ! -t 0 ]; then
                echo "Please run: sudo apt-get install $missing" >&2
                exit 3
            fi
            printf 'Install them now with sudo apt-get? [Y/n] ' >&2
            read -r answer
            case $answer in [nN]*) exit 3 ;; esac
        fi
        as_root=sudo
    fi
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# libtorch takes whatever the system calls libblas; the reference BLAS is some 50 times slower.
check_blas() {
    command -v update-alternatives >/dev/null 2>&1 || return 0
    for name in $(update-alternatives --get-selections 2>/dev/null | sed -n 's/^\(libblas\.so\.3[^ ]*\) .*/\1/p'); do
        case $(update-alternatives --query "$name" | sed -n 's/^Value: //p') in
        *openblas-openmp*) ;;
        *) echo "Note: $name is not OpenBLAS for OpenMP. For full speed: sudo update-alternatives --config $name" >&2 ;;
        esac
    done
}
