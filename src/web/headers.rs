//! The headers with which every page is sent (OWASP ASVS 5.0.0, sections 3.4 and 14.3).

/// Only our own files, no inline script or style, no frame, no form to elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// Name and value of each security header of a page. Whether a page may be stored is for its caller to say.
pub const fn security_headers() -> [(&'static str, &'static str); 8] {
    [
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        // Browsers heed this over HTTPS only, so that it does no harm on plain loopback HTTP.
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ]
}
