# SPDX-License-Identifier: GPL-3.0-or-later
yingxun_test(tst_catalogue yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_backup yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_succession yingxun_db yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_library_index yingxun_library yingxun_qt_options Qt6::Core Qt6::Test)
target_include_directories(tst_library_index PRIVATE support)
yingxun_test(tst_old_libraries yingxun_library yingxun_vectors yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_adoption yingxun_vectors yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_byte_copy yingxun_vectors yingxun_qt_options Qt6::Core Qt6::Test)
yingxun_test(tst_embedding_store yingxun_vectors yingxun_qt_options Qt6::Core Qt6::Test)

# Whatever changes the disk fails in it when the test says so.
yingxun_test(tst_io_faults yingxun_vectors yingxun_base yingxun_qt_options Qt6::Core Qt6::Test)
target_sources(tst_io_faults PRIVATE ${CMAKE_CURRENT_LIST_DIR}/support/failing_calls.cpp)
foreach(call open write pwrite ftruncate fsync rename)
    target_link_options(tst_io_faults PRIVATE LINKER:--wrap=${call})
endforeach()
find_package(SQLite3 3.38 REQUIRED)
yingxun_test(tst_catalogue_faults yingxun_db SQLite::SQLite3 yingxun_qt_options Qt6::Core Qt6::Test)
target_sources(tst_catalogue_faults PRIVATE ${CMAKE_CURRENT_LIST_DIR}/support/failing_vfs.cpp)

# Not a test: prints how near the scan comes to what memory allows.
add_executable(bench_search ${CMAKE_CURRENT_LIST_DIR}/bench/bench_search.cpp)
target_link_libraries(bench_search PRIVATE yingxun_vectors Threads::Threads)
