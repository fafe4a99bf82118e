# SPDX-License-Identifier: GPL-3.0-or-later
foreach(test tst_image_resize tst_image_damage tst_image_raw tst_image_psd tst_image_reference tst_image_collection
        tst_image_measures tst_image_metadata tst_image_video)
    yingxun_test(${test} yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test)
endforeach()

pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
yingxun_test(tst_image_decode yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test PkgConfig::JPEG)
yingxun_test(tst_image_memory yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test PkgConfig::JPEG Threads::Threads)

pkg_check_modules(JPEG2000 IMPORTED_TARGET "libopenjp2>=2.5")
if(JPEG2000_FOUND)
    yingxun_test(tst_image_jpeg2000 yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test PkgConfig::JPEG2000)
endif()
pkg_check_modules(JPEGXL IMPORTED_TARGET "libjxl>=0.7")
if(JPEGXL_FOUND)
    yingxun_test(tst_image_jpegxl yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test PkgConfig::JPEGXL)
endif()
# The orientation of what is written can be chosen since then.
pkg_check_modules(HEIF IMPORTED_TARGET "libheif>=1.14")
if(HEIF_FOUND)
    yingxun_test(tst_image_heif yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test PkgConfig::HEIF)
endif()
# Writes the videos of the tests; OpenCV's headers stay out of what moc reads.
add_library(test_videos STATIC ${CMAKE_CURRENT_LIST_DIR}/support/video_samples.cpp)
set_target_properties(test_videos PROPERTIES AUTOMOC OFF)
target_include_directories(test_videos SYSTEM PRIVATE ${OPENCV_INCLUDE_DIR})
target_link_libraries(test_videos PUBLIC yingxun_options PRIVATE ${OPENCV_core_LIBRARY} ${OPENCV_videoio_LIBRARY})
target_link_libraries(tst_image_video PRIVATE test_videos)

# Writes EXIF, XMP and IPTC with Exiv2; its headers stay out of what moc reads.
pkg_check_modules(EXIV2 REQUIRED IMPORTED_TARGET exiv2)
add_library(test_metadata STATIC ${CMAKE_CURRENT_LIST_DIR}/support/metadata_samples.cpp)
set_target_properties(test_metadata PROPERTIES AUTOMOC OFF)
target_link_libraries(test_metadata PUBLIC yingxun_options PRIVATE PkgConfig::EXIV2)
target_link_libraries(tst_image_metadata PRIVATE test_metadata)

# Not a test: prints which resize makes a thumbnail faster.
add_executable(bench_resize ${CMAKE_CURRENT_LIST_DIR}/bench/bench_resize.cpp)
target_link_libraries(bench_resize PRIVATE yingxun_image yingxun_options)
