foreach(name tst_file_walk tst_folder_watcher tst_indexer tst_librarian tst_path_text tst_query_text tst_searcher
        tst_thumbnail_loader)
    yingxun_test(${name} yingxun_jobs Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
