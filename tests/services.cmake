foreach(name tst_file_walk tst_inotify_tree)
    yingxun_test(${name} yingxun_ingest yingxun_qt_options Qt6::Core Qt6::Gui Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
foreach(name tst_folder_places tst_folder_watcher tst_growing_files tst_index_metadata tst_indexer tst_librarian
        tst_library_health tst_model_switch tst_moments tst_path_text tst_query_planner tst_query_text tst_reconciler
        tst_relevance tst_removal_brake tst_searcher tst_thumbnail_loader tst_trash tst_unused_contents)
    yingxun_test(${name} yingxun_services Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
target_link_libraries(tst_index_metadata PRIVATE yingxun_db test_metadata test_videos)
target_link_libraries(tst_moments PRIVATE yingxun_db yingxun_hash test_videos)

# Not tests: they print what rating many photos, indexing many copies, walking many files, a key pressed and
# filters cost.
foreach(name bench_rating bench_copies bench_filter bench_key bench_scan)
    add_executable(${name} ${CMAKE_CURRENT_LIST_DIR}/bench/${name}.cpp)
    target_link_libraries(${name} PRIVATE yingxun_services yingxun_qt_options Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()

# What is typed into the query line, and nothing around it.
foreach(name tst_query_completions tst_query_dates tst_query_parser tst_query_printer)
    yingxun_test(${name} yingxun_query Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
