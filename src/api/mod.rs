//! The Contact API and the Table API, from request to response.

mod openapi;

/// The OpenAPI document of the server.
#[doc(hidden)]
pub fn openapi(catalog: &crate::schema::Catalog, server: Option<&str>) -> serde_json::Value {
    openapi::document(catalog, server)
}
