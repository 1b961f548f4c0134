using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>The variables that Python's huggingface_hub reads (https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables).</summary>
public sealed class OptionsTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("home").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private HubOptions From(params (string Name, string Value)[] variables)
    {
        var all = variables.Append(("HOME", _home)).ToDictionary(v => v.Item1, v => v.Item2);
        return HubOptions.From(name => all.GetValueOrDefault(name));
    }

    [Fact]
    public void Without_any_the_places_are_Pythons()
    {
        var options = From();
        Assert.Equal(("https://huggingface.co", Path.Combine(_home, ".cache", "huggingface", "hub")), (options.Endpoint, options.CacheFolder));
        Assert.Equal(Path.Combine(_home, ".cache", "huggingface", "token"), options.TokenFile);
        Assert.Null(options.Token);
        Assert.False(options.Offline);
    }

    [Fact]
    public void The_cache_is_where_the_nearest_variable_says()
    {
        Assert.Equal("/x/huggingface/hub", From(("XDG_CACHE_HOME", "/x")).CacheFolder);
        Assert.Equal("/h/hub", From(("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/h")).CacheFolder);
        Assert.Equal("/c", From(("HF_HOME", "/h"), ("HF_HUB_CACHE", "/c")).CacheFolder);
        Assert.Equal(Path.Combine(_home, "models"), From(("HF_HUB_CACHE", "~/models")).CacheFolder);
    }

    [Fact]
    public void The_token_is_the_variables_or_the_files()
    {
        Assert.Equal("hf_a", From(("HF_TOKEN", " hf_a\n")).Token);
        File.WriteAllText(Path.Combine(_home, "token"), "hf_file\n");
        Assert.Equal("hf_file", From(("HF_HOME", _home)).Token);
        Assert.Equal("hf_a", From(("HF_HOME", _home), ("HF_TOKEN", "hf_a")).Token);
        Assert.Equal("hf_file", From(("HF_TOKEN_PATH", Path.Combine(_home, "token"))).Token);
        Assert.Null(From(("HF_HOME", _home), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_a_switch(string value, bool offline) => Assert.Equal(offline, From(("HF_HUB_OFFLINE", value)).Offline);

    [Fact]
    public void The_endpoint_has_no_slash_at_its_end() => Assert.Equal("http://127.0.0.1:5", From(("HF_ENDPOINT", "http://127.0.0.1:5/")).Endpoint);

    [Fact]
    public void Nobody_reads_the_token_in_an_output() => Assert.DoesNotContain("hf_a", From(("HF_TOKEN", "hf_a")).ToString());
}
