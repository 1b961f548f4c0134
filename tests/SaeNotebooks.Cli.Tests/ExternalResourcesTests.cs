using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Tests;

public class ExternalResourcesTests
{
    [Theory]
    [InlineData("<script src=\"https://cdn.example/x.js\"></script>")]
    [InlineData("<script async src=//cdn.example/x.js></script>")]
    [InlineData("<link rel=\"stylesheet\" href=\"file:///usr/share/x.css\">")]
    [InlineData("<img alt='' src='images/x.png'>")]
    [InlineData("<style>@import \"https://x.example/a.css\"</style>")]
    [InlineData("<style>a { background: url(https://x.example/a.png) }</style>")]
    [InlineData("<svg><image href=\"http://x.example/a.png\"/></svg>")]
    [InlineData("<video poster=\"http://x.example/a.png\"></video>")]
    public void LoadsAreFound(string html) => Assert.Single(ExternalResources.Find(html));

    [Theory]
    [InlineData("<a href=\"https://example.org\">read</a>")]
    [InlineData("<img src=\"data:image/png;base64,AAAA\">")]
    [InlineData("<script>var u = '<img src=\"https://example.org/x.png\">';</script>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/></svg>")]
    [InlineData("<p>write src=\"https://example.org\"</p>")]
    public void OtherAddressesAreNot(string html) => Assert.Empty(ExternalResources.Find(html));
}
