package provider

import (
	"errors"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticketMintAttributes are what both kinds of tickets are minted from.
func ticketMintAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"sdk_app_id": schema.Int64Attribute{
			MarkdownDescription: sdkAppIDDescription,
			CustomType:          sdkAppIDType(),
			Required:            true,
			Validators:          sdkAppIDValidators(),
		},
		"user_id": schema.StringAttribute{
			MarkdownDescription: "The user that the ticket is for: 1 to 32 characters of `a-z`, `A-Z`, `0-9`, `_` and `-`.",
			Required:            true,
			Validators:          []validator.String{userIDValidator()},
		},
		"expires_in": schema.Int64Attribute{
			MarkdownDescription: "How long the ticket is good for, in seconds, 60 to 15552000 (180 days). Default 604800 (7 days), the longest run that `max_duration` can bound.",
			CustomType:          wholeNumber{},
			Optional:            true, Computed: true,
			Validators: []validator.Int64{int64Rule{rule[int64]{description: "60 to 15552000", check: func(seconds int64) error {
				_, err := tickets.LifetimeFromSeconds(seconds)
				return err
			}}}},
		},
		"sdk_secret_key": schema.StringAttribute{
			MarkdownDescription: "The application's SDKSecretKey, as the TRTC console shows it. Also read from `" + sdkSecretKeyVariable + "`.",
			Optional:            true, Sensitive: true,
			Validators: []validator.String{stringRule{rule[string]{description: "64 lower-case hexadecimal digits", check: checkKey}}},
		},
		"expires_at": schema.StringAttribute{
			MarkdownDescription: "When the ticket expires, as an RFC 3339 timestamp in UTC.",
			Computed:            true,
		},
	}
}

// checkKey leaves the empty string to ticketMinter.key, where it means unset.
func checkKey(text string) error {
	_, err := tickets.NewKey(text)
	var malformed *tickets.KeyError
	switch {
	case !errors.As(err, &malformed):
		return nil
	case malformed.Length != tickets.KeyLength:
		return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value is " +
			strconv.Itoa(malformed.Length) + " bytes long")
	default:
		return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value holds other characters")
	}
}
