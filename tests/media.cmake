# SPDX-License-Identifier: GPL-3.0-or-later
yingxun_test(tst_decoder_pool yingxun_media yingxun_qt_options Qt6::Core Qt6::Gui Qt6::Test)
foreach(program odd_decoder confined)
    add_executable(${program} ${CMAKE_CURRENT_LIST_DIR}/support/${program}.cpp)
    target_link_libraries(${program} PRIVATE yingxun_media)
    add_dependencies(tst_decoder_pool ${program})
endforeach()
add_dependencies(tst_decoder_pool yingxun-decoder)
target_compile_definitions(tst_decoder_pool PRIVATE
    YINGXUN_DECODER="$<TARGET_FILE:yingxun-decoder>"
    YINGXUN_ODD_DECODER="$<TARGET_FILE:odd_decoder>"
    YINGXUN_CONFINED="$<TARGET_FILE:confined>")

yingxun_test(tst_animations yingxun_media yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test)
add_dependencies(tst_animations yingxun-decoder)
target_compile_definitions(tst_animations PRIVATE YINGXUN_DECODER="$<TARGET_FILE:yingxun-decoder>")
pkg_check_modules(AVIF IMPORTED_TARGET "libavif>=0.11")
foreach(format AVIF JPEGXL)
    if(${format}_FOUND)
        target_link_libraries(tst_animations PRIVATE PkgConfig::${format})
        target_compile_definitions(tst_animations PRIVATE YINGXUN_HAVE_${format})
    endif()
endforeach()

# Not a test: prints what decoders of their own cost, and what decoding at a smaller size saves.
add_executable(bench_media ${CMAKE_CURRENT_LIST_DIR}/bench/bench_media.cpp)
target_link_libraries(bench_media PRIVATE yingxun_media PkgConfig::JPEG Threads::Threads)
