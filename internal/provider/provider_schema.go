package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Schema describes the provider block.
func (p *trtcProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Puts online media streams into rooms of Tencent Real-Time Communication (TRTC) and keeps them there. " +
			"Arguments and environment variables are those of the official Tencent Cloud provider, so an environment that is set up for it works unchanged. " +
			"An argument wins over its variable; an empty string counts as unset.",
		Attributes: mergeAttributes(keyAttributes(), profileAttributes(), roleAttributes(), connectionAttributes()),
	}
}

func keyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"secret_id": schema.StringAttribute{
			MarkdownDescription: "ID of the API key that signs requests. Also read from `TENCENTCLOUD_SECRET_ID`.",
			Optional:            true, Sensitive: true,
		},
		"secret_key": schema.StringAttribute{
			MarkdownDescription: "The API key itself. Also read from `TENCENTCLOUD_SECRET_KEY`.",
			Optional:            true, Sensitive: true,
		},
		"security_token": schema.StringAttribute{
			MarkdownDescription: "Token of a temporary API key. Also read from `TENCENTCLOUD_SECURITY_TOKEN`.",
			Optional:            true, Sensitive: true,
		},
	}
}

func profileAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"profile": schema.StringAttribute{
			MarkdownDescription: "Name of a tccli profile to read keys and region from when they are set nowhere else. Default `default`. Also read from `TENCENTCLOUD_PROFILE`.",
			Optional:            true,
		},
		"shared_credentials_dir": schema.StringAttribute{
			MarkdownDescription: "Directory of the profile's files. Default `~/.tccli`. Also read from `TENCENTCLOUD_SHARED_CREDENTIALS_DIR`.",
			Optional:            true,
		},
		"cam_role_name": schema.StringAttribute{
			MarkdownDescription: "Role of the CVM instance that Terraform runs on: its temporary keys come from the instance's metadata. Also read from `TENCENTCLOUD_CAM_ROLE_NAME`.",
			Optional:            true,
		},
		"enable_pod_oidc": schema.BoolAttribute{
			MarkdownDescription: "Whether to use the role of the TKE pod that Terraform runs in, from `TKE_REGION`, `TKE_PROVIDER_ID`, `TKE_WEB_IDENTITY_TOKEN_FILE` and `TKE_ROLE_ARN`. Default `false`.",
			Optional:            true,
		},
	}
}

func roleAttributes() map[string]schema.Attribute {
	sessionName := schema.StringAttribute{
		MarkdownDescription: "Name of the session in audit logs. Default `terraform-provider-trtc`. Also read from `TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME`.",
		Optional:            true,
	}
	sessionDuration := schema.Int64Attribute{
		MarkdownDescription: "How long a temporary key is good for, in seconds, 1 to 43200. Default 7200; it is renewed in time. Also read from `TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION`.",
		CustomType:          wholeNumber{},
		Optional:            true,
		Validators:          []validator.Int64{int64validator.Between(1, 43200)},
	}
	return map[string]schema.Attribute{
		"assume_role": schema.SingleNestedAttribute{
			MarkdownDescription: "A role to take on with the keys found (STS AssumeRole).",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn": schema.StringAttribute{
					MarkdownDescription: "The role, such as `qcs::cam::uin/100000000001:roleName/deploy`. Also read from `TENCENTCLOUD_ASSUME_ROLE_ARN`.",
					Optional:            true,
				},
				"session_name":     sessionName,
				"session_duration": sessionDuration,
				"policy": schema.StringAttribute{
					MarkdownDescription: "A policy document in JSON that narrows the role's permissions.",
					Optional:            true,
				},
				"external_id": schema.StringAttribute{
					MarkdownDescription: "External ID that the role's trust policy asks for. Also read from `TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID`.",
					Optional:            true,
				},
			},
		},
		"assume_role_with_web_identity": schema.SingleNestedAttribute{
			MarkdownDescription: "A role to take on with the token of an identity provider, as CI systems hand out (STS AssumeRoleWithWebIdentity). It needs no other keys.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"provider_id": schema.StringAttribute{
					MarkdownDescription: "Name of the identity provider in CAM. Default `OIDC`. Also read from `TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID`.",
					Optional:            true,
				},
				"web_identity_token": schema.StringAttribute{
					MarkdownDescription: "The token. Also read from `TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN`.",
					Optional:            true, Sensitive: true,
				},
				"web_identity_token_file": schema.StringAttribute{
					MarkdownDescription: "A file with the token, as it is or as JSON `{\"web_identity_token\":…}`, read again at each renewal. Also read from `TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE`.",
					Optional:            true,
				},
				"role_arn": schema.StringAttribute{
					MarkdownDescription: "The role. Also read from `TENCENTCLOUD_ASSUME_ROLE_ARN`.",
					Optional:            true,
				},
				"session_name":     sessionName,
				"session_duration": sessionDuration,
			},
		},
	}
}

func connectionAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"region": schema.StringAttribute{
			MarkdownDescription: "Access region of resources that name none themselves. Also read from `TENCENTCLOUD_REGION`. There is no built-in default.",
			Optional:            true,
		},
		"domain": schema.StringAttribute{
			MarkdownDescription: "Root domain of the API; requests go to `trtc.<domain>`. Default `intl.tencentcloudapi.com`, the international site; " +
				"the China site is `tencentcloudapi.com`. Also read from `TENCENTCLOUD_DOMAIN`.",
			Optional: true,
		},
		"protocol": schema.StringAttribute{
			MarkdownDescription: "`HTTPS` (default), or `HTTP` to a loopback host only. Also read from `TENCENTCLOUD_PROTOCOL`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive("", "HTTPS", "HTTP")},
		},
		"endpoint": schema.StringAttribute{
			MarkdownDescription: "Full URL to send requests to instead, such as `http://127.0.0.1:8787` for the mock. " +
				"Also read from `TENCENTCLOUD_TRTC_ENDPOINT`. Wins over `domain` and `protocol`.",
			Optional: true,
		},
		"sts_endpoint": schema.StringAttribute{
			MarkdownDescription: "Full URL of STS to take on roles at instead of `sts.<domain>`. Also read from `TENCENTCLOUD_STS_ENDPOINT`.",
			Optional:            true,
		},
		"requests_per_second": schema.Int64Attribute{
			MarkdownDescription: "Most requests per second for each action in each region, 1 to 1000. Default 20, which is what the service allows. " +
				"Lower it when other programs use the same account; the provider also slows down by itself when the service refuses requests.",
			CustomType: wholeNumber{},
			Optional:   true,
			Validators: []validator.Int64{int64validator.Between(1, 1000)},
		},
	}
}

func mergeAttributes(groups ...map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, group := range groups {
		for name, attribute := range group {
			all[name] = attribute
		}
	}
	return all
}
