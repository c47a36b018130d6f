# <region>/<sdk_app_id>/<task_id>, or <sdk_app_id>/<task_id> in the provider's region.
terraform import trtc_stream_ingest.radio 'ap-singapore/1400000001/<the TaskId that the start returned>'
