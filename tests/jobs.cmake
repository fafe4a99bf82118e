foreach(name tst_file_walk tst_folder_watcher tst_indexer tst_inotify_tree tst_librarian tst_model_switch tst_path_text tst_query_text tst_searcher
        tst_thumbnail_loader)
    yingxun_test(${name} yingxun_jobs Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()

# Not a test: prints what rating many photos costs.
add_executable(bench_rating ${CMAKE_CURRENT_LIST_DIR}/bench/bench_rating.cpp)
target_link_libraries(bench_rating PRIVATE yingxun_jobs yingxun_qt_options Qt6::Test)
