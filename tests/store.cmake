# SPDX-License-Identifier: GPL-3.0-or-later
yingxun_test(tst_catalogue yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_backup yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_succession yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_library_index yingxun_library yingxun_qt_options Qt6::Core Qt6::Test)
target_include_directories(tst_library_index PRIVATE support)
yingxun_test(tst_embedding_store yingxun_search yingxun_qt_options Qt6::Core Qt6::Test)

# Not a test: prints how near the scan comes to what memory allows.
add_executable(bench_search ${CMAKE_CURRENT_LIST_DIR}/bench/bench_search.cpp)
target_link_libraries(bench_search PRIVATE yingxun_search Threads::Threads)
