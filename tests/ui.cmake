foreach(name tst_cell_grid tst_computing_dialog tst_folder_panel tst_health_light tst_missing_line tst_models_dialog
        tst_photo_list_model tst_restore_question tst_saved_searches tst_search_field tst_search_history tst_videos)
    yingxun_test(${name} yingxun_ui Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
target_link_libraries(tst_videos PRIVATE test_videos)
foreach(name tst_main_window tst_startup tst_trash_in_window)
    yingxun_test(${name} yingxun_composition Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()

target_link_libraries(tst_main_window PRIVATE test_metadata)

# Not a test: prints how the window fares with many photos.
foreach(name bench_window bench_first_screen)
    add_executable(${name} ${CMAKE_CURRENT_LIST_DIR}/bench/${name}.cpp)
    target_link_libraries(${name} PRIVATE yingxun_composition yingxun_qt_options Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()
