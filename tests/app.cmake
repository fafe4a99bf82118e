# The main job with the starter model, by the programs themselves.
add_executable(tst_main_job tst_main_job.cpp)
target_link_libraries(tst_main_job PRIVATE yingxun_db yingxun_qt_options Qt6::Gui Qt6::Test test_videos)
target_compile_definitions(tst_main_job PRIVATE
    YINGXUN_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    YINGXUN_SHARED_DIR="${YINGXUN_SHARED_DIR}"
    YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>"
    YINGXUN_PROGRAM="$<TARGET_FILE:yingxun>")
add_test(NAME tst_main_job COMMAND tst_main_job)
set_tests_properties(tst_main_job PROPERTIES
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;XDG_CONFIG_HOME=${CMAKE_CURRENT_BINARY_DIR}/config" TIMEOUT 300 SKIP_RETURN_CODE 77)

yingxun_test(tst_training yingxun_qt_options Qt6::Gui Qt6::Test)
target_compile_definitions(tst_training PRIVATE YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>")

yingxun_test(tst_commands yingxun_db yingxun_qt_options Qt6::Gui Qt6::Test)
target_compile_definitions(tst_commands PRIVATE YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>")
yingxun_test(tst_exact_weights yingxun_qt_options Qt6::Gui Qt6::Test)
target_compile_definitions(tst_exact_weights PRIVATE YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>")
yingxun_test(tst_model_commands yingxun_clip_data yingxun_vectors yingxun_qt_options Qt6::Gui Qt6::Network Qt6::Test)
target_compile_definitions(tst_model_commands PRIVATE YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>")

# Not a test: prints what a typed query costs.
add_executable(bench_query ${CMAKE_CURRENT_LIST_DIR}/bench/bench_query.cpp)
target_link_libraries(bench_query PRIVATE yingxun_app yingxun_qt_options)

# Nothing is lost and no photo is touched, whatever happens; each of these has more rounds in campaign/endurance.sh.
foreach(name tst_damaged_library tst_export tst_hostile_folders tst_killed tst_untouched_photos)
    yingxun_test(${name} yingxun_ingest yingxun_db yingxun_vectors yingxun_hash yingxun_base yingxun_qt_options Qt6::Gui Qt6::Test)
    target_compile_definitions(${name} PRIVATE
        YINGXUN_CLI="$<TARGET_FILE:yingxun-cli>" YINGXUN_PROGRAM="$<TARGET_FILE:yingxun>")
endforeach()
yingxun_torch_test(fast_decoding_check yingxun_media yingxun_clip)
# Not a test: prints what other headrooms of decoding would cost.
add_executable(bench_headroom ${CMAKE_CURRENT_LIST_DIR}/bench/bench_headroom.cpp)
target_link_libraries(bench_headroom PRIVATE yingxun_image yingxun_clip ${TORCH_LIBRARIES} Threads::Threads)
target_include_directories(bench_headroom SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
target_compile_definitions(bench_headroom PRIVATE YINGXUN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
set_target_properties(bench_headroom PROPERTIES AUTOMOC OFF)
