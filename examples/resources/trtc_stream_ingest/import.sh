# Or without the region, for a task in the provider's region:
# terraform import trtc_stream_ingest.radio '1400000001/<task_id>'
terraform import trtc_stream_ingest.radio 'ap-singapore/1400000001/<task_id>'
