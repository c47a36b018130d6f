package tfserver

import "os"

// quiet turns the log off unless somebody asks for it. Left to itself the plugin
// SDK composes every line down to TRACE, which takes nearly half of the CPU time
// of a plan, and Terraform drops what it was not asked for.
func quiet() error {
	for _, asking := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_TEMP_LOG_PATH"} {
		if os.Getenv(asking) != "" {
			return nil
		}
	}
	for _, level := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_TRTC"} {
		if os.Getenv(level) != "" {
			continue
		}
		if err := os.Setenv(level, "OFF"); err != nil {
			return err
		}
	}
	return nil
}
